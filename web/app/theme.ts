import { useEffect, useState } from 'preact/hooks'

const KEY = 'callmanager.theme'
const THEMES = ['auto', 'light', 'dark', 'contrast'] as const
export type Theme = (typeof THEMES)[number]

/** The chosen theme, kept in this browser; it is an attribute of our element, which its styles look at. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(read)
  useEffect(() => {
    for (const element of document.querySelectorAll('callmanager-app')) element.setAttribute('theme', theme)
    const scheme = theme === 'auto' ? 'light dark' : theme === 'dark' ? 'dark' : 'light'
    document.querySelector('meta[name=color-scheme]')?.setAttribute('content', scheme)
  }, [theme])
  return [
    theme,
    (chosen) => {
      setTheme(chosen)
      write(chosen)
    },
  ]
}

/** A browser may refuse to keep anything for a page; the theme is then chosen anew each time. */
function read(): Theme {
  try {
    const kept = localStorage.getItem(KEY)
    return THEMES.find((theme) => theme === kept) ?? 'auto'
  } catch {
    return 'auto'
  }
}

function write(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // Chosen for this page alone, then.
  }
}
