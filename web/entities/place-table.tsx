import { Button } from '../components/button.tsx'
import { useFrame } from '../lib/frame.tsx'
import { useStyles } from '../lib/use-styles.ts'
import { type Kind, type Place, wordsOf } from './kind.ts'
import css from './tree.css?inline'
import { depthsOf } from './use-places.ts'

interface Props {
  kind: Kind
  items: Place[]
  /** What a search finds stands by itself, with its whole path. */
  isSearch: boolean
  onAddBelow: (place: Place) => void
  onEdit: (place: Place) => void
}

/** Deeper ones still fit a narrow window. */
const MAX_INDENT = 8

export function PlaceTable({ kind, items, isSearch, onAddBelow, onEdit }: Props) {
  useStyles(css)
  const { session, words } = useFrame()
  const { createEntities: mayAdd, editEntities: mayEdit } = session.can
  const depths = depthsOf(items)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keys as well.
    <section class="table-scroll" aria-label={wordsOf(kind, words).title} tabIndex={0}>
      <table class="tree">
        <thead>
          <tr>
            <th scope="col">{words.entities.name}</th>
            {(mayAdd || mayEdit) && (
              <th scope="col" class="tree-actions">
                {words.common.actions}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((place) => {
            const depth = isSearch ? 0 : (depths.get(place.id) ?? 0)
            return (
              <tr key={place.id}>
                <th scope="row">
                  <div
                    class="typed"
                    style={{ paddingInlineStart: `${Math.min(depth, MAX_INDENT) * 1.1}rem` }}
                  >
                    {depth > 0 && <span class="visually-hidden">{words.entities.level(depth + 1)} </span>}
                    {(isSearch || depth === 0 ? place.path : place.name) || `(${place.id})`}
                  </div>
                </th>
                {(mayAdd || mayEdit) && (
                  <td>
                    <div class="buttons">
                      {mayAdd && (
                        <Button
                          kind="quiet"
                          icon="plus"
                          label={words.entities.addBelow(place.name)}
                          onClick={() => onAddBelow(place)}
                        >
                          {words.common.add}
                        </Button>
                      )}
                      {mayEdit && (
                        <Button
                          kind="quiet"
                          icon="edit"
                          label={words.entities.edit(place.name)}
                          onClick={() => onEdit(place)}
                        >
                          {words.common.edit}
                        </Button>
                      )}
                    </div>
                  </td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
