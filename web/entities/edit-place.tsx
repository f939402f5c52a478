import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { DeletePlace } from './delete-place.tsx'
import { EditPlaceForm } from './edit-place-form.tsx'
import { type Kind, type Place, wordsOf } from './kind.ts'

interface Props {
  kind: Kind
  id: number
  onDone: (text: string) => void
  onClose: () => void
}

/** Renames, moves or deletes a place, as it is at this moment. */
export function EditPlace({ kind, id, onDone, onClose }: Props) {
  const { client, words } = useFrame()
  const [deletes, setDeletes] = useState(false)
  const read = useResource((signal) => client.get<Place>(`${kind}/${id}`, {}, signal), [kind, id])
  const place = read.data?.body
  const title = deletes ? wordsOf(kind, words).deleteTitle : words.entities.edit(place?.name ?? '')
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="form">
        {read.state === 'failed' && <FailureNotice failure={read.failure} onRetry={read.retry} />}
        {read.data === undefined && read.state === 'loading' && <Waiting />}
        {read.data && !deletes && (
          <EditPlaceForm kind={kind} read={read.data} onRead={read.set} onDone={onDone}>
            <Button onClick={onClose}>{words.common.cancel}</Button>
            <Button kind="danger" onClick={() => setDeletes(true)}>
              {words.common.delete}
            </Button>
          </EditPlaceForm>
        )}
        {place && deletes && (
          <DeletePlace kind={kind} place={place} onDone={onDone} onClose={() => setDeletes(false)} />
        )}
      </div>
    </Dialog>
  )
}
