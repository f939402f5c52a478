import type { Frame } from './frame.tsx'

type Around = Pick<Frame, 'base' | 'root'> & {
  session: Pick<Frame['session'], 'managesAccounts' | 'ticketForm'>
}

/** Where people and tickets are shown: by the host where there is one, else by our own pages. */
export function linksOf({ base, root, session }: Around) {
  const own = session.managesAccounts
  const host = (path: string, query: Record<string, string | number>) =>
    `${root}/${path}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`
  return {
    /** Whether these links leave our pages; they then open beside the call. */
    leave: !own,
    user: (id: number) => (own ? `${base}/app/users/${id}` : host('front/user.form.php', { id })),
    ticket: (id: number) => (own ? `${base}/app/tickets/${id}` : host('front/ticket.form.php', { id })),
    /** Everything that somebody has asked for; search option 4 of the host is the requester. */
    ticketsOf: (id: number) =>
      own
        ? `${base}/app/tickets?requester=${id}`
        : host('front/ticket.php', {
            'criteria[0][field]': 4,
            'criteria[0][searchtype]': 'equals',
            'criteria[0][value]': id,
            reset: 'reset',
          }),
    /** The form that Setup chose for a new ticket; null for our own. */
    newTicket: (requester: { id: number; entityId: number | null }) => {
      const { target, requestSource } = session.ticketForm
      if (own || target === 'quick') return null
      if (target === 'native') {
        const entity = requester.entityId === null ? {} : { entities_id: requester.entityId }
        return host('front/ticket.form.php', {
          _users_id_requester: requester.id,
          requesttypes_id: requestSource,
          ...entity,
        })
      }
      if (target === 'formcreator_wizard') return `${root}/plugins/formcreator/front/wizard.php`
      return host('plugins/formcreator/front/formdisplay.php', { id: target })
    },
    desk: (identifier: { rio: string } | { phone: string }) =>
      `${base}/front/callmanager.php?${new URLSearchParams(identifier)}`,
  }
}

export type Links = ReturnType<typeof linksOf>
