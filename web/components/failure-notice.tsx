import type { Failure } from '../lib/client.ts'
import { useSurroundings } from '../lib/frame.tsx'
import type { Words } from '../locales/en.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** What went wrong and what to do about it; `onRetry` offers to try again. */
export function FailureNotice({ failure, onRetry }: { failure: Failure; onRetry?: () => void }) {
  const { words } = useSurroundings()
  const { title, remedy, reference } = explain(failure, words)
  return (
    <Notice kind="error" title={title}>
      <p>{remedy}</p>
      {reference && <p class="hint">{words.failures.reference(reference)}</p>}
      {onRetry && <Button onClick={onRetry}>{words.common.retry}</Button>}
    </Notice>
  )
}

/** A failure in the reader's language, which the client has put a problem into. */
export function explain(
  failure: Failure,
  words: Words,
): { title: string; remedy: string; reference: string } {
  if (failure.kind === 'unreachable') return { ...words.failures.unreachable, reference: '' }
  if (failure.kind === 'garbled') return { ...words.failures.garbled(failure.status), reference: '' }
  const { problem } = failure
  const { title, remedy } = problem
  return {
    title: problem.detail ? words.failures.withDetail(title, problem.detail) : title,
    remedy: failure.retryAfter === null ? remedy : words.failures.retryAfter(remedy, failure.retryAfter),
    reference: problem.status >= 500 ? problem.requestId : '',
  }
}
