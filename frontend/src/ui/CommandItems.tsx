import { Menu } from '@mantine/core'
import { Keys } from './Keys'

interface Item {
  id: string
  title: string
  keys: string[]
  run(): void
  can?(): boolean
  on?(): boolean
}

/** Commands as the items of a menu; a toggle keeps the menu open to show its state. */
export function CommandItems({ commands }: { commands: Item[] }) {
  return commands.map(({ id, title, keys, run, can, on }) => {
    if (on) return <Menu.CheckboxItem key={id} fz={13} checked={on()} onChange={run}>{title}</Menu.CheckboxItem>
    return <Menu.Item key={id} fz={13} disabled={!(can?.() ?? true)} onClick={run} rightSection={keys[0] && <Keys shortcut={keys[0]} />}>{title}</Menu.Item>
  })
}
