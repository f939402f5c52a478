import { useId } from 'preact/hooks'
import type { ProfileRights } from '../../contract/profiles.ts'
import { useWords } from '../lib/frame.tsx'
import { type Box, isGiven, LEVELS, RIGHTS } from './rights.ts'

const COLUMNS = ['read', 'update'] as const

/** Rights as ITSM-NG shows them: a row each, and a box for every level that it has. */
export function RightsMatrix({
  rights,
  editable,
  onToggle,
}: {
  rights: ProfileRights
  editable: boolean
  onToggle: (box: Box, given: boolean) => void
}) {
  const words = useWords()
  const id = useId()
  return (
    <>
      <div class="table-scroll">
        <table>
          <caption class="visually-hidden">{words.profiles.matrix}</caption>
          <thead>
            <tr>
              <th scope="col">{words.profiles.right}</th>
              {COLUMNS.map((level) => (
                <th key={level} scope="col">
                  {words.rights[level]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RIGHTS.map((right) => (
              <tr key={right}>
                <th scope="row">
                  {words.rights[right]}
                  <p class="hint">{words.profiles.gives[right]}</p>
                </th>
                {COLUMNS.map((level) => (
                  <td key={level}>
                    {LEVELS[right].includes(level) && (
                      <input
                        type="checkbox"
                        checked={isGiven(rights, { right, level })}
                        disabled={!editable}
                        aria-label={`${words.rights[right]}: ${words.rights[level]}`}
                        aria-describedby={right === 'access' ? `${id}-hint` : undefined}
                        onChange={({ currentTarget }) => onToggle({ right, level }, currentTarget.checked)}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint" id={`${id}-hint`}>
        {words.profiles.together}
      </p>
    </>
  )
}
