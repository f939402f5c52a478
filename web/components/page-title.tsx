import { useEffect } from 'preact/hooks'
import { useSurroundings } from '../lib/frame.tsx'

/**
 * The heading of a page, and where it stands in the menus, as ITSM-NG words it (`Administration › Users`). It also names
 * the browser's tab, where the page is ours.
 */
export function PageTitle({ path, title }: { path: string[]; title: string }) {
  const { namesTab } = useSurroundings()
  useEffect(() => {
    if (namesTab) document.title = title === 'Call Manager' ? title : `${title} – Call Manager`
  }, [namesTab, title])
  return (
    <div class="page-title">
      {path.length > 0 && <p class="breadcrumbs">{path.join(' › ')}</p>}
      <h1>{title}</h1>
    </div>
  )
}
