import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

interface Props {
  choices: { title: string; url: string }[]
}

/** Plain links to attachments, so that a large file streams to disk and the browser shows its progress. */
export function DownloadMenu({ choices }: Props) {
  return (
    <Menu position="bottom-end" shadow="md" withArrow>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>Download</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ title, url }) => <Menu.Item key={url} component="a" href={url} download>{title}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}
