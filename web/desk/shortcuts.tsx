import { Dialog } from '../components/dialog.tsx'
import { useWords } from '../lib/frame.tsx'

/** The keys of the desk, in one place. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { title, keys } = useWords().desk.shortcuts
  return (
    <Dialog title={title} onClose={onClose}>
      <dl class="shortcuts">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
