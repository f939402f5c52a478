import { useState } from 'preact/hooks'
import type { Followup } from '../../contract/tickets.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Checkbox, TextArea } from '../components/field.tsx'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { useIdempotencyKey } from '../lib/use-idempotency-key.ts'

/** A text that is added to a ticket, for all or kept from the requester. */
export function FollowupForm({
  ticketId,
  onAdded,
  onCancel,
}: {
  ticketId: number
  onAdded: (followup: Followup) => void
  onCancel: () => void
}) {
  const { client, session, words, announce } = useFrame()
  const [content, setContent] = useState('')
  const [isPrivate, setPrivate] = useState(false)
  const [lacking, setLacking] = useState(false)
  const key = useIdempotencyKey()
  const add = useAction(async () => {
    const body = { content, private: isPrivate }
    const path = `tickets/${ticketId}/followups`
    const made = await client.send<Followup>('POST', path, { body, idempotencyKey: key.of({ path, body }) })
    key.spend()
    setContent('')
    announce(words.newTicket.followupAdded)
    onAdded(made.body)
  })
  const errors = fieldErrors(add.failure, ['content'])
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setLacking(content.trim() === '')
        if (content.trim() !== '') add.run()
      }}
    >
      {errors.rest && <FailureNotice failure={errors.rest} />}
      <TextArea
        label={words.newTicket.followup}
        value={content}
        onInput={setContent}
        required
        error={lacking && content.trim() === '' ? words.common.required : errors.of('content')}
      />
      {session.can.addPrivateFollowups && (
        <Checkbox label={words.newTicket.private} checked={isPrivate} onChange={setPrivate} />
      )}
      <p class="buttons">
        <Button type="submit" kind="primary" busy={add.busy}>
          {words.newTicket.addFollowup}
        </Button>
        <Button onClick={onCancel}>{words.common.cancel}</Button>
      </p>
    </form>
  )
}
