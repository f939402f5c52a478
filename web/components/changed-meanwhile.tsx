import type { ComponentChildren } from 'preact'
import { useWords } from '../lib/frame.tsx'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** Somebody else has changed what one was changing. What was typed stays; it is saved once what there is now was read. */
export function ChangedMeanwhile({
  onReadAgain,
  busy,
  children,
}: {
  onReadAgain: () => void
  busy: boolean
  children?: ComponentChildren
}) {
  const { common } = useWords()
  return (
    <Notice kind="error" title={common.changedMeanwhile}>
      <p>{common.changedMeanwhileHint}</p>
      {children}
      <Button busy={busy} onClick={onReadAgain}>
        {common.readAgain}
      </Button>
    </Notice>
  )
}
