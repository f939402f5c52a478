import { useMemo, useState } from 'preact/hooks'
import type { NamedSettings } from '../../contract/settings.ts'
import { Button } from '../components/button.tsx'
import { ChangedMeanwhile } from '../components/changed-meanwhile.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Select, TextField } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { type Answer, ApiError } from '../lib/client.ts'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { countryChoices } from './countries.ts'
import { changeBy, changedBetween, type Draft, shownBy } from './draft.ts'
import { EntityCountries } from './entity-countries.tsx'
import { RequestSourceField } from './request-source-field.tsx'
import { TicketTargetField } from './ticket-target-field.tsx'

const FIELDS = [
  'sharedRios',
  'defaultCountry',
  'countries',
  'phoneRequestSource',
  'ticketTarget',
  'journalRetentionDays',
] as const

export function GeneralForm({
  read,
  reading,
  onReadAgain,
  onSaved,
}: {
  read: Answer<NamedSettings>
  reading: boolean
  onReadAgain: () => void
  onSaved: (answer: Answer<NamedSettings>) => void
}) {
  const { client, words, language, announce } = useFrame()
  const text = words.settings
  const [draft, setDraft] = useState<Draft>({})
  const [saved, setSaved] = useState(false)
  /** What was read when somebody else turned out to have saved meanwhile. */
  const [outdated, setOutdated] = useState<Answer<NamedSettings> | null>(null)
  const [complains, setComplains] = useState(false)
  const shown = shownBy(read.body, draft)
  const { change, wrong, isNone } = changeBy(read.body, draft)
  const choices = useMemo(() => countryChoices(language), [language])

  function type(typed: Draft): void {
    setSaved(false)
    setDraft((draft) => ({ ...draft, ...typed }))
  }

  const save = useAction(async () => {
    setComplains(true)
    if (wrong.retention || wrong.formId) return
    const sent = draft
    try {
      const answer = await client.send<NamedSettings>('PATCH', 'settings', {
        body: change,
        ifMatch: read.etag,
      })
      onSaved(answer)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'changed-meanwhile') throw error
      return setOutdated(read)
    }
    setOutdated(null)
    // What was typed while it was on its way is not saved yet.
    setDraft((draft) => (draft === sent ? {} : draft))
    setComplains(false)
    setSaved(true)
    announce(words.common.saved)
  })
  const errors = fieldErrors(save.failure, FIELDS)
  const changed = outdated === null || outdated === read ? [] : changedBetween(outdated.body, read.body)

  return (
    <form
      class="panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isNone) save.run()
      }}
    >
      {errors.rest && <FailureNotice failure={errors.rest} />}
      {outdated === read && <ChangedMeanwhile onReadAgain={onReadAgain} busy={reading} />}
      {changed.length > 0 && (
        <Notice kind="info" title={text.changedByOthers}>
          <ul>
            {changed.map((name) => (
              <li key={name}>{text.fields[name]}</li>
            ))}
          </ul>
          <p>{text.yoursStay}</p>
        </Notice>
      )}
      <fieldset>
        <legend>{text.groups.lookUps}</legend>
        <div class="fields">
          <Select
            label={text.fields.sharedRios}
            hint={text.sharedHints[shown.sharedRios]}
            error={errors.of('sharedRios')}
            value={shown.sharedRios}
            choices={(['allowed', 'refused'] as const).map((value) => ({ value, label: text.shared[value] }))}
            onChange={(sharedRios) => type({ sharedRios })}
          />
          <TextField
            label={text.fields.journalRetentionDays}
            hint={text.retentionHint}
            error={complains && wrong.retention ? text.retentionWrong : errors.of('journalRetentionDays')}
            value={shown.retention}
            input={{ type: 'number', min: 1, max: 3650 }}
            onInput={(retention) => type({ retention })}
          />
        </div>
      </fieldset>
      <fieldset>
        <legend>{text.groups.numbers}</legend>
        <Select
          label={text.fields.defaultCountry}
          hint={text.countryHint}
          error={errors.of('defaultCountry')}
          value={shown.defaultCountry}
          choices={choices}
          onChange={(defaultCountry) => type({ defaultCountry })}
        />
        <EntityCountries
          countries={shown.countries}
          choices={choices}
          fallback={shown.defaultCountry}
          error={errors.of('countries')}
          onChange={(id, country) => type({ countries: { ...draft.countries, [id]: country } })}
        />
      </fieldset>
      <fieldset>
        <legend>{text.groups.tickets}</legend>
        <div class="fields">
          <TicketTargetField
            target={shown.target}
            formId={shown.formId}
            error={errors.of('ticketTarget')}
            formError={complains && wrong.formId ? text.formIdWrong : undefined}
            onChange={type}
          />
          <RequestSourceField
            value={shown.phoneRequestSource}
            error={errors.of('phoneRequestSource')}
            onChange={(phoneRequestSource) => type({ phoneRequestSource })}
          />
        </div>
      </fieldset>
      <div class="actions">
        <Button type="submit" kind="primary" busy={save.busy} disabled={isNone && !save.busy}>
          {words.common.save}
        </Button>
        <span class="hint">{saved ? words.common.saved : isNone ? '' : text.unsaved}</span>
      </div>
    </form>
  )
}
