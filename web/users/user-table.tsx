import type { UserSort, UserSummary } from '../../contract/users.ts'
import { breakable } from '../components/breakable.tsx'
import { Icon } from '../components/icon.tsx'
import { TableScroll } from '../components/table-scroll.tsx'
import { nameOf } from '../desk/name.ts'
import { useFrame } from '../lib/frame.tsx'

interface Props {
  users: readonly UserSummary[]
  busy: boolean
  /** How the list is sorted, where it can be; what was found has its own order. */
  sort?: UserSort
  onSort?: (sort: UserSort) => void
}

const SORTED = { lastname: 'name', login: 'login' } as const
const COLUMNS = ['lastname', 'firstname', 'login', 'rio', 'phone', 'email', 'entity', 'location'] as const

/** People, a line each; on a narrow page, a card each. */
export function UserTable({ users, busy, sort, onSort }: Props) {
  const { base, words } = useFrame()
  return (
    <TableScroll label={words.users.list} busy={busy} kind="users-table cards">
      <table>
        <thead>
          <tr>
            {COLUMNS.map((column) =>
              onSort && (column === 'lastname' || column === 'login') ? (
                <SortedBy key={column} column={column} sort={sort} onSort={onSort} />
              ) : (
                <th key={column} scope="col">
                  {words.person[column]}
                </th>
              ),
            )}
            <th scope="col">{words.users.isActive}</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id}>
              <th scope="row">
                <a class="typed" href={`${base}/app/users/${user.id}`}>
                  {user.lastname || nameOf({ ...user, firstname: '' }, words)}
                </a>
              </th>
              {COLUMNS.slice(1).map((column) => (
                <td key={column} class={`typed cell-${column}`} data-label={words.person[column]}>
                  {column === 'rio' ? <span>{user.rio}</span> : breakable(user[column])}
                </td>
              ))}
              <td>
                <span class={user.active ? 'badge badge-success' : 'badge'}>
                  {user.active ? words.users.isActive : words.users.notActive}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

interface SortedByProps {
  column: keyof typeof SORTED
  sort: UserSort | undefined
  onSort: (sort: UserSort) => void
}

function SortedBy({ column, sort, onSort }: SortedByProps) {
  const { words } = useFrame()
  const up = SORTED[column]
  const down = `-${up}` as const
  return (
    <th
      scope="col"
      aria-sort={sort === up ? 'ascending' : sort === down ? 'descending' : undefined}
      class="sorted"
    >
      <button type="button" onClick={() => onSort(sort === up ? down : up)}>
        {words.person[column]} <Icon name={sort === down ? 'up' : 'down'} />
      </button>
    </th>
  )
}
