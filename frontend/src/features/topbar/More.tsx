/** The actions that a phone has no room for. */
import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconArrowBackUp, IconArrowForwardUp, IconContrast, IconDots, IconSearch, type Icon } from '@tabler/icons-react'
import { useState } from 'react'
import { availableCommands } from '../../state/commands'
import { InUseDialog, InUseItem } from './InUse'
import { PipelineMenu } from './PipelineMenu'

const ON_PHONES: [id: string, Icon][] = [['commands', IconSearch], ['undo', IconArrowBackUp], ['redo', IconArrowForwardUp]]

function MenuCommand({ id, Drawn }: { id: string; Drawn: Icon }) {
  const [command] = availableCommands([id])
  return command && <Menu.Item fz={13} leftSection={<Drawn size={16} stroke={1.6} />} disabled={!(command.can?.() ?? true)} onClick={() => command.run()}>{command.title}</Menu.Item>
}

export function More() {
  const { toggleColorScheme } = useMantineColorScheme()
  const [uses, setUses] = useState(false)
  return (
    <>
      <PipelineMenu target={<ActionIcon size={44} aria-label="More actions"><IconDots size={18} stroke={1.6} /></ActionIcon>}>
        {ON_PHONES.map(([id, Drawn]) => <MenuCommand key={id} id={id} Drawn={Drawn} />)}
        <Menu.Item fz={13} leftSection={<IconContrast size={16} stroke={1.6} />} onClick={toggleColorScheme}>Light or dark theme</Menu.Item>
        <InUseItem onClick={() => setUses(true)} />
        <Menu.Divider />
      </PipelineMenu>
      {uses && <InUseDialog onClose={() => setUses(false)} />}
    </>
  )
}
