import type { ComponentChildren } from 'preact'
import { useWords } from '../lib/frame.tsx'
import type { Action } from '../lib/use-action.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { FailureNotice } from './failure-notice.tsx'

interface Props {
  title: string
  /** What will happen, and whether it can be undone. */
  children: ComponentChildren
  /** What the button does, in its own word rather than "OK". */
  label: string
  action: Action<void>
  onClose: () => void
}

/** Asks before something that hurts. What goes wrong is told in the question, which stays. */
export function ConfirmDialog({ title, children, label, action, onClose }: Props) {
  const { common } = useWords()
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="form">
        <p>{children}</p>
        {action.failure && <FailureNotice failure={action.failure} />}
        <div class="buttons">
          <Button kind="danger" busy={action.busy} onClick={() => action.run()}>
            {label}
          </Button>
          <Button onClick={onClose}>{common.cancel}</Button>
        </div>
      </div>
    </Dialog>
  )
}
