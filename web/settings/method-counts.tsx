import type { Job } from '../../contract/jobs.ts'
import { useFrame } from '../lib/frame.tsx'
import { Facts } from './facts.tsx'

/** What a change of the storage method came to, or would, and what stood in its way. */
export function MethodCounts({ details, dryRun }: { details: NonNullable<Job['details']>; dryRun: boolean }) {
  const { words, formats } = useFrame()
  const { counts, problems, unknownProblem, inTheWay } = words.settings.method
  const found = Object.entries(details.problems).filter(([, people]) => people > 0)
  return (
    <>
      <Facts
        facts={[
          [dryRun ? counts.wouldCopy : counts.copied, details.copied],
          [counts.same, details.same],
          [counts.empty, details.empty],
          ...(details.logins > 0 ? [[counts.logins, details.logins] as const] : []),
        ]}
      />
      {found.length > 0 && (
        <>
          <h3>{inTheWay}</h3>
          <ul class="reasons">
            {found.map(([reason, people]) => (
              <li key={reason}>
                <span class="badge badge-warning">{formats.number(people)}</span>
                <span>{problems[reason] ?? unknownProblem(reason)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
