import { useEffect, useState } from 'preact/hooks'
import type { Examination } from '../../contract/health.ts'
import { Notice } from '../components/notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { findingsInWords } from './finding-words.ts'

type Finding = Examination['checks'][number]

const KINDS = { ok: 'success', warning: 'warning', problem: 'error' } as const

/** What the checks have found: what is to be done first, and what is well for who wants to know. */
export function HealthFindings({ checks }: { checks: Finding[] }) {
  const { words } = useFrame()
  const text = words.health
  const bad = (['problem', 'warning'] as const).flatMap((state) =>
    checks.filter((one) => one.state === state),
  )
  const well = checks.filter(({ state }) => state === 'ok')
  return (
    <section class="panel" aria-labelledby="findings-title">
      <h2 id="findings-title">{text.findings}</h2>
      {bad.length === 0 && <Notice kind="success">{text.allWell}</Notice>}
      {bad.length > 0 && <Findings findings={bad} />}
      <details>
        <summary>{text.well(well.length)}</summary>
        <Findings findings={well} />
      </details>
    </section>
  )
}

/** Their sentences are those of `callmanager doctor`, in the reader's language. */
function Findings({ findings }: { findings: Finding[] }) {
  const { words, language } = useFrame()
  const [inWords, setInWords] = useState<((finding: string) => string) | null>(null)
  useEffect(() => {
    findingsInWords(language)
      .then((found) => setInWords(() => found))
      .catch(reportError)
  }, [language])
  if (inWords === null) return null
  return (
    <ul class="findings">
      {findings.map(({ id, state, what, remedy }) => (
        <li key={`${id} ${what}`}>
          <span class={`badge badge-${KINDS[state]}`}>{words.health.states[state]}</span>
          <div>
            <p class="typed">{inWords(what)}</p>
            {remedy && <p class="hint typed">{inWords(remedy)}</p>}
          </div>
        </li>
      ))}
    </ul>
  )
}
