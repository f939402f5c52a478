import { defineElement } from '../lib/mount.tsx'
import { App } from './app.tsx'

defineElement('callmanager-app', App)
