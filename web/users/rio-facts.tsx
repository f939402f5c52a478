import type { Rio } from '../../contract/rio.ts'
import { Notice } from '../components/notice.tsx'
import { nameOf } from '../desk/name.ts'
import { useFrame } from '../lib/frame.tsx'
import { linksOf } from '../lib/links.ts'

/** What the stored RIO looks like, and who else has it. */
export function RioFacts({ rio: { kind, controlKey, sharedWith } }: { rio: Rio }) {
  const frame = useFrame()
  const { words } = frame
  const { userTab, person } = words
  const links = linksOf(frame)
  const beside = links.leave ? { target: '_blank', rel: 'noopener' } : {}
  if (kind === 'none') return <p class="hint">{userTab.none}</p>
  return (
    <>
      <p>
        <span class={kind === 'other' ? 'badge wrapping' : 'badge badge-info wrapping'}>
          {userTab.kinds[kind]}
        </span>
      </p>
      {controlKey?.fits && <Notice kind="success">{userTab.keyFits(person[controlKey.fits])}</Notice>}
      {controlKey && !controlKey.fits && (
        <Notice kind={controlKey.checked.length > 0 ? 'warning' : 'info'}>
          {controlKey.checked.length > 0 ? userTab.keyWrong : userTab.keyUnchecked}
        </Notice>
      )}
      {sharedWith.length > 0 && (
        <Notice kind="warning" title={userTab.shared}>
          <p>{userTab.sharedHint}</p>
          <ul>
            {sharedWith.map((other) => (
              <li key={other.id}>
                <a class="typed" href={links.user(other.id)} {...beside}>
                  {nameOf(other, words)}
                </a>
                {other.entity && ` – ${other.entity}`}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}
