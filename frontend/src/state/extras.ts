/** What a module that cannot be added says: the extra it needs, and the command that installs it, copied. */
import { notifications } from '@mantine/notifications'
import { missingExtra, missingExtraWords, type Module } from '../core/catalogue/catalogue'
import { copied } from './copying'

export async function offerCommand(module: Module) {
  const extra = missingExtra(module)
  if (!extra) return
  const done = (await copied(extra.command)) ? ' The command is copied.' : ''
  notifications.show({ title: module.title, message: `${missingExtraWords(extra)} Install it with ${extra.command}.${done}`, color: 'gray', autoClose: 10_000 })
}
