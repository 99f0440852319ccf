import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

interface Props {
  choices: { title: string; url: string }[]
  /** Only the icon, for a toolbar. */
  compact?: boolean
}

/** Plain links to attachments, so that a large file streams to disk and the browser shows its progress. */
export function DownloadMenu({ choices, compact = false }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {compact ? <ActionIcon size={28} aria-label="Download" title="Download"><IconDownload size={16} stroke={1.6} /></ActionIcon>
          : <Button size="xs" variant="default" leftSection={<IconDownload size={14} stroke={1.6} />}>Download</Button>}
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ title, url }) => <Menu.Item key={url} component="a" href={url} download>{title}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}
