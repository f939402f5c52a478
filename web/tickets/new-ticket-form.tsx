import { useState } from 'preact/hooks'
import type { CategoryPage, EntityPage } from '../../contract/places.ts'
import type { Ticket } from '../../contract/tickets.ts'
import { Button } from '../components/button.tsx'
import { Combobox, type Item } from '../components/combobox.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Select, TextArea, TextField } from '../components/field.tsx'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { useIdempotencyKey } from '../lib/use-idempotency-key.ts'
import { useResource } from '../lib/use-resource.ts'

const FIELDS = ['title', 'description', 'type', 'categoryId', 'urgency', 'entityId'] as const
const LEVELS = ['5', '4', '3', '2', '1'] as const
const TYPES = ['incident', 'request'] as const

interface Props {
  requester: { id: number; name: string; entity: { id: number; name: string } | null }
  onMade: (ticket: Ticket) => void
  onCancel: () => void
}

/** A ticket for the caller, in a few fields. What was typed stays until it is made. */
export function NewTicketForm({ requester, onMade, onCancel }: Props) {
  const { client, words, announce } = useFrame()
  const [title, setTitle] = useState('')
  const [description, setDescription] = useState('')
  const [type, setType] = useState<Ticket['type']>('incident')
  const [category, setCategory] = useState<Item | null>(null)
  const [urgency, setUrgency] = useState<(typeof LEVELS)[number]>('3')
  const [lacking, setLacking] = useState(false)
  const where = useEntity(requester.entity)
  const key = useIdempotencyKey()

  const create = useAction(async () => {
    where.settle()
    const body = {
      requesterId: requester.id,
      title: title.trim(),
      description,
      type,
      urgency: Number(urgency),
      ...(category === null ? {} : { categoryId: category.id }),
      ...(where.entity === null ? {} : { entityId: where.entity.id }),
    }
    const made = await client.send<Ticket>('POST', 'tickets', { body, idempotencyKey: key.of(body) })
    key.spend()
    announce(words.newTicket.made(made.body.id))
    onMade(made.body)
  })
  const errors = fieldErrors(create.failure, FIELDS)

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setLacking(title.trim() === '')
        if (title.trim() !== '') create.run()
      }}
    >
      {errors.rest && <FailureNotice failure={errors.rest} />}
      <TextField
        label={words.newTicket.name}
        value={title}
        onInput={setTitle}
        required
        input={{ maxLength: 255 }}
        error={lacking && title.trim() === '' ? words.common.required : errors.of('title')}
      />
      <TextArea
        label={words.newTicket.description}
        value={description}
        onInput={setDescription}
        error={errors.of('description')}
      />
      <div class="fields">
        <Select
          label={words.newTicket.type}
          value={type}
          choices={TYPES.map((one) => ({ value: one, label: words.ticket.type[one] }))}
          onChange={(one) => {
            setType(one)
            // A category is meant for some types only.
            setCategory(null)
          }}
          error={errors.of('type')}
        />
        <Select
          label={words.newTicket.urgency}
          value={urgency}
          choices={LEVELS.map((one) => ({ value: one, label: words.ticket.priority[Number(one)] ?? one }))}
          onChange={setUrgency}
          error={errors.of('urgency')}
        />
        <Combobox
          label={words.newTicket.category}
          value={category}
          onChange={setCategory}
          keys={[type]}
          search={async (q, signal) =>
            (await client.get<CategoryPage>('categories', { type, q }, signal)).body.items
          }
          error={errors.of('categoryId')}
        />
        {where.several && (
          <Combobox
            label={words.newTicket.entity}
            value={where.entity}
            onChange={where.choose}
            search={async (q, signal) => (await client.get<EntityPage>('entities', { q }, signal)).body.items}
            hint={where.entity === null ? words.newTicket.entityHint : undefined}
            error={errors.of('entityId')}
          />
        )}
      </div>
      <p class="buttons">
        <Button type="submit" kind="primary" busy={create.busy}>
          {words.newTicket.create}
        </Button>
        <Button onClick={onCancel}>{words.common.cancel}</Button>
      </p>
    </form>
  )
}

/** Where the ticket goes: the caller's entity where the agent sees it, and whether there is another to choose. */
function useEntity(callers: Item | null) {
  const { client } = useFrame()
  const [chosen, setChosen] = useState<Item | null | undefined>(undefined)
  const seen = useResource(
    async (signal) => {
      const some = client.get<EntityPage>('entities', { limit: 2 }, signal)
      const named = callers && client.get<EntityPage>('entities', { q: callers.name, limit: 100 }, signal)
      return {
        several: (await some).body.items.length > 1,
        own: (await named)?.body.items.find(({ id }) => id === callers?.id) ?? null,
      }
    },
    [callers?.id],
  )
  const offered = seen.data?.own ?? null
  return {
    entity: chosen === undefined ? offered : chosen,
    several: seen.data?.several ?? false,
    choose: setChosen,
    /** What is sent once is sent again, even if the entity becomes known in between: the key stands for it. */
    settle: () => setChosen(chosen === undefined ? offered : chosen),
  }
}
