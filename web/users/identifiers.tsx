import type { User } from '../../contract/users.ts'
import { TableScroll } from '../components/table-scroll.tsx'
import { useWords } from '../lib/frame.tsx'

/** Every key that a look-up finds somebody by, and the field that it comes from. */
export function Identifiers({ identifiers }: { identifiers: User['identifiers'] }) {
  const { person, userTab: words } = useWords()
  if (identifiers.length === 0) return <p class="hint">{words.noIdentifiers}</p>
  const sources: Record<string, string> = {
    ...words.sources,
    registration_number: person.registrationNumber,
    phone: person.phone,
    phone2: person.phone2,
    mobile: person.mobile,
  }
  return (
    <>
      <p class="hint">{words.identifiersHint}</p>
      <TableScroll label={words.identifiers} kind="cards">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.kind}</th>
              <th scope="col">{words.stored}</th>
              <th scope="col">{words.key}</th>
              <th scope="col">{words.source}</th>
            </tr>
          </thead>
          <tbody>
            {identifiers.map(({ kind, key, value, source }) => (
              <tr key={`${kind} ${source} ${key}`}>
                <td>{words.identifierKinds[kind] ?? kind}</td>
                <td class="typed" data-label={words.stored}>
                  {value}
                </td>
                <td class="typed" data-label={words.key}>
                  {key}
                </td>
                <td data-label={words.source}>{sources[source] ?? source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </>
  )
}
