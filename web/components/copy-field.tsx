import { useId, useRef, useState } from 'preact/hooks'
import { useSurroundings } from '../lib/frame.tsx'
import { Button } from './button.tsx'

/** Something to take along, such as an address: shown whole, selected by a click, copied by a button. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { words, announce } = useSurroundings()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState('')

  async function copy() {
    input.current?.select()
    if (!(await toClipboard(value))) return
    setCopied(value)
    announce(words.common.copied)
  }

  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="with-button">
        <input id={id} ref={input} readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
        <Button icon={copied === value ? 'success' : 'copy'} onClick={() => copy().catch(reportError)}>
          {copied === value ? words.common.copied : words.common.copy}
        </Button>
      </div>
    </div>
  )
}

/** Pages without TLS have no clipboard of their own; the old command copies what is selected. */
async function toClipboard(value: string): Promise<boolean> {
  if (navigator.clipboard === undefined) return document.execCommand('copy')
  return navigator.clipboard.writeText(value).then(
    () => true,
    () => document.execCommand('copy'),
  )
}
