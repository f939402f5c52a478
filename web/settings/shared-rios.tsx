import { useState } from 'preact/hooks'
import type { SharedRio } from '../../contract/shared-rios.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TableScroll } from '../components/table-scroll.tsx'
import { Waiting } from '../components/waiting.tsx'
import { nameOf } from '../desk/name.ts'
import type { Client } from '../lib/client.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'
import { useResource } from '../lib/use-resource.ts'

interface Page {
  items: SharedRio[]
  next: string | null
}

const FIRST = 'rios/shared'
/** Pages in a row that may be empty before the reader is asked whether to go on. */
const MOST_EMPTY = 20

/** RIOs that lead to several people, for who mends them. */
export function SharedRios() {
  const frame = useFrame()
  const { client, words, formats } = frame
  const text = words.health.shared
  const links = linksOf(frame)
  /** The addresses of the pages until this one. */
  const [pages, setPages] = useState([FIRST])
  const at = pages.at(-1) ?? FIRST
  const shared = useResource((signal) => readPage(client, at, signal), [at])
  const { data } = shared
  const next = data?.next ?? null
  return (
    <section class="panel" aria-labelledby="shared-title">
      <h2 id="shared-title">{text.title}</h2>
      {shared.state === 'failed' && <FailureNotice failure={shared.failure} onRetry={shared.retry} />}
      {data === undefined && shared.state === 'loading' && <Waiting />}
      {data?.items.length === 0 && <p class="empty">{next === null ? text.none : text.noneHere}</p>}
      {data && data.items.length > 0 && (
        <TableScroll label={text.title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.person.rio}</th>
                <th scope="col" class="number">
                  {text.people}
                </th>
                <th scope="col">{text.first}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map(({ rio, people, first }) => (
                <tr key={rio}>
                  <th scope="row" class="typed">
                    {rio}
                  </th>
                  <td class="number">{formats.number(people)}</td>
                  <td>
                    <ul>
                      {first.map((person) => (
                        <li key={person.id}>
                          <a
                            class="typed"
                            href={links.user(person.id)}
                            {...(links.leave ? { target: '_blank', rel: 'noopener' } : {})}
                          >
                            {nameOf(person, words)}
                          </a>
                        </li>
                      ))}
                    </ul>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {(pages.length > 1 || next !== null) && (
        <div class="buttons">
          <Button disabled={pages.length === 1} onClick={() => setPages(pages.slice(0, -1))}>
            {words.common.previous}
          </Button>
          <Button disabled={next === null} onClick={() => next !== null && setPages([...pages, next])}>
            {words.common.next}
          </Button>
        </div>
      )}
    </section>
  )
}

/** The next page that holds anything: among very many people one may be empty, and still not be the last. */
async function readPage(client: Client, address: string, signal: AbortSignal): Promise<Page> {
  let page = (await client.get<Page>(address, {}, signal)).body
  for (let empty = 1; page.items.length === 0 && page.next !== null && empty < MOST_EMPTY; empty++) {
    page = (await client.get<Page>(page.next, {}, signal)).body
  }
  return page
}
