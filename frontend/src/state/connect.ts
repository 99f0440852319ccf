/** Connects to a pipeline's document, and goes to the place where the user left it. */
import { notifications } from '@mantine/notifications'
import type { Notice } from '../server/documentSocket'
import { connectDocument, isConnected } from './document'
import { attach } from './run'
import { choose, choosePort } from './selection'
import { loadPlace, useView } from './view'

function onNotice({ run, error }: Notice) {
  if (run) void attach(run.id)
  if (error) notifications.show({ message: error.words, color: 'red' })
}

function restorePlace(id: string) {
  const { chosen, port, maximised } = loadPlace(id)
  useView.setState({ maximised })
  if (port) choosePort(port)
  else choose(chosen)
}

export function connect(id: string) {
  if (isConnected(id)) return
  connectDocument(id, onNotice)
  restorePlace(id)
}
