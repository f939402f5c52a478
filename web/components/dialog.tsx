import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { useWords } from '../lib/frame.tsx'
import { Button } from './button.tsx'

/** A question above the page, by the browser's own dialog: it keeps the focus and gives it back. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string
  onClose?: () => void
  children: ComponentChildren
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const words = useWords()
  // The effects of what is inside come later: they may know better where the focus belongs.
  // Before it is taken away: a dialog that goes while it is open does not give the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  /** A browser closes it at the second Escape in a row, whatever the page says to the first. */
  function onClosed() {
    if (dialog.current === null) return
    if (onClose) onClose()
    else dialog.current.showModal()
  }
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose?.()
      }}
      onClose={onClosed}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        {onClose && (
          <Button kind="quiet" icon="close" label={words.common.close} onClick={onClose}>
            {''}
          </Button>
        )}
      </div>
      {children}
    </dialog>
  )
}
