import { useEffect } from 'preact/hooks'
import { useSurroundings } from '../lib/frame.tsx'

/** A menu by its name, or a page that one comes back to. */
type Crumb = string | { text: string; href: string }

/**
 * The heading of a page, and where it stands in the menus, as ITSM-NG words it (`Administration › Users`). It also names
 * the browser's tab, where the page is ours.
 */
export function PageTitle({ path, title }: { path: Crumb[]; title: string }) {
  const { namesTab } = useSurroundings()
  useEffect(() => {
    if (namesTab) document.title = title === 'Call Manager' ? title : `${title} – Call Manager`
  }, [namesTab, title])
  return (
    <div class="page-title">
      {path.length > 0 && (
        <p class="breadcrumbs">
          {path.map((crumb, at) => [
            at > 0 && ' › ',
            typeof crumb === 'string' ? crumb : <a href={crumb.href}>{crumb.text}</a>,
          ])}
        </p>
      )}
      <h1>{title}</h1>
    </div>
  )
}
