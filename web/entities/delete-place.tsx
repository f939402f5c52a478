import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import type { Kind, Place } from './kind.ts'

interface Props {
  kind: Kind
  place: Place
  onDone: (text: string) => void
  onClose: () => void
}

/** Asks before a place goes; where something uses it, the server says what. */
export function DeletePlace({ kind, place, onDone, onClose }: Props) {
  const { client, words } = useFrame()
  const remove = useAction(async () => {
    await client.send('DELETE', `${kind}/${place.id}`)
    onDone(words.entities.deleted(place.name))
  })
  const { failure } = remove
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      <p class="typed">{words.entities.deleteHint(place.path)}</p>
      <div class="buttons">
        <Button kind="danger" busy={remove.busy} onClick={() => remove.run()}>
          {words.common.delete}
        </Button>
        <Button onClick={onClose}>{words.common.cancel}</Button>
      </div>
    </>
  )
}
