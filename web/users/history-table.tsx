import type { HistoryLine } from '../../contract/users.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TableScroll } from '../components/table-scroll.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFormats, useWords } from '../lib/frame.tsx'
import type { Words } from '../locales/en.ts'
import type { usePages } from './use-pages.ts'

interface Props {
  history: ReturnType<typeof usePages<HistoryLine>>
  label: string
  empty: string
  /** Which lines are shown; all where it is missing. */
  only?: (line: HistoryLine) => boolean
}

/** What happened to somebody, the newest first, in the columns of ITSM-NG's own history. */
export function HistoryTable({ history, label, empty, only = () => true }: Props) {
  const words = useWords()
  const formats = useFormats()
  const { items, failure, retry, follow } = history
  const { users } = words
  const lines = items?.filter(only)
  return (
    <>
      {lines === undefined && !failure && <Waiting />}
      {lines?.length === 0 && <p class="hint">{empty}</p>}
      {lines && lines.length > 0 && (
        <TableScroll label={label} kind="cards">
          <table>
            <thead>
              <tr>
                <th scope="col">{users.history.when}</th>
                <th scope="col">{users.history.who}</th>
                <th scope="col">{users.history.field}</th>
                <th scope="col">{users.history.update}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.id}>
                  <td>
                    {line.happenedAt && (
                      <time dateTime={line.happenedAt}>{formats.moment(line.happenedAt)}</time>
                    )}
                  </td>
                  <td class="typed" data-label={users.history.who}>
                    {line.who}
                  </td>
                  <td data-label={users.history.field}>
                    {isRioChange(line) ? words.person.rio : fieldName(line.field, words)}
                  </td>
                  <td class="typed" data-label={users.history.update}>
                    {update(line, words)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {failure && <FailureNotice failure={failure} onRetry={retry} />}
      {follow && (
        <div class="buttons">
          <Button busy={follow.busy} onClick={() => follow.run()}>
            {users.history.more}
          </Button>
        </div>
      )}
    </>
  )
}

/** How our own table's history begins, which is a message to the helpdesk. */
const RIO_CHANGE = 'RIO: '

export const isRioChange = ({ action, new: now }: HistoryLine) =>
  action === 'message' && now.startsWith(RIO_CHANGE)

function fieldName(field: string, { person, users }: Words): string {
  const names: Record<string, string> = {
    ...person,
    ...users.history.fields,
    entityId: person.entity,
    locationId: person.location,
    beginDate: users.beginDate,
    endDate: users.endDate,
  }
  return names[field] ?? field
}

function update(line: HistoryLine, { common, users }: Words): string {
  const { action, field, old, new: now } = line
  const { actions, nothing, of } = users.history
  if (action === 'message') return isRioChange(line) ? now.slice(RIO_CHANGE.length) : now
  const word = (value: string) => {
    if (field === 'enabled') return value === '1' ? common.yes : common.no
    return value || nothing
  }
  if (action === 'changed') return `${word(old)} → ${word(now)}`
  const what = old || now
  const done = actions[action] ?? actions.other ?? ''
  return what === '' ? done : of(done, what)
}
