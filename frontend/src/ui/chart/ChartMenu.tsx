import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { Drawing } from './draw'

export function ChartMenu({ drawing, title }: { drawing: Drawing; title: string }) {
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'chart'
  const saveSvg = async () => save(new Blob([await drawing.svg()], { type: 'image/svg+xml' }), `${name}.svg`)
  const savePng = async () => {
    const image = await drawing.png()
    if (image) save(image, `${name}.png`)
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={24} aria-label={`Save ${title}`}><IconDots size={16} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void saveSvg()}>Download SVG</Menu.Item>
        <Menu.Item onClick={() => void savePng()}>Download PNG</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function save(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
