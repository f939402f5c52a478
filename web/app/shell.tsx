import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { Icon } from '../components/icon.tsx'
import { Notice } from '../components/notice.tsx'
import { useFrame } from '../lib/frame.tsx'
import { Menu } from './menu.tsx'
import { You } from './you.tsx'

/** What every page of ours stands in: the header, the menu, and who one is. */
export function Shell({ children }: { children: ComponentChildren }) {
  const { base, words } = useFrame()
  const { path } = useLocation()
  const [open, setOpen] = useState(false)
  const content = useRef<HTMLElement>(null)
  // The menu of a narrow page closes when another page opens.
  useEffect(() => setOpen(false), [path])
  return (
    <div class="app">
      <header class="top">
        <button type="button" class="skip" onClick={() => content.current?.focus()}>
          {words.menu.skip}
        </button>
        <button
          type="button"
          class="menu-toggle"
          aria-expanded={open}
          aria-controls="menu"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
          <span class="visually-hidden">{words.menu.open}</span>
        </button>
        <a class="brand" href={`${base}/app/`}>
          <Icon name="phone" />
          <span>Call Manager</span>
        </a>
        <You />
      </header>
      <Menu open={open} />
      <main ref={content} tabIndex={-1}>
        <Connection />
        {children}
      </main>
    </div>
  )
}

/** Says when the network is gone. What is on the page stays. */
function Connection() {
  const { words, announce } = useFrame()
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = () => {
      setOnline(navigator.onLine)
      if (navigator.onLine) announce(words.common.online)
    }
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [words, announce])
  return online ? null : <Notice kind="warning">{words.common.offline}</Notice>
}
