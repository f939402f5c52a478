import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { useFrame } from '../lib/frame.tsx'

/** Asked before people take from their own profile what this very page needs. */
export function LosingRight({ onConfirm, onCancel }: { onConfirm: () => void; onCancel: () => void }) {
  const { session, words } = useFrame()
  return (
    <Dialog title={words.profiles.losing.title} onClose={onCancel}>
      <p class="typed">{words.profiles.losing.hint(session.profile.name)}</p>
      <div class="buttons">
        <Button kind="danger" onClick={onConfirm}>
          {words.profiles.losing.confirm}
        </Button>
        <Button onClick={onCancel}>{words.common.cancel}</Button>
      </div>
    </Dialog>
  )
}
