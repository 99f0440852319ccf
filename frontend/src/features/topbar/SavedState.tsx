import { Anchor, Tooltip } from '@mantine/core'
import { IconCloudCheck, IconCloudOff, IconCloudUp, IconEye } from '@tabler/icons-react'
import type { SaveState } from '../../server/documentSocket'
import { useDocument } from '../../state/document'
import classes from './TopBar.module.css'

const shown: Record<SaveState, { words: string; help: string; Icon: typeof IconCloudUp }> = {
  loading: { words: 'Opening…', help: 'Loading the pipeline.', Icon: IconCloudUp },
  saved: { words: 'Saved', help: 'All edits are saved on the server.', Icon: IconCloudCheck },
  saving: { words: 'Saving…', help: 'Your latest edits are being saved.', Icon: IconCloudUp },
  offline: { words: 'Offline, edits kept', help: 'Keep working. Your edits are sent and merged when the connection is restored. Keep this page open.', Icon: IconCloudOff },
  refused: { words: 'Not saved', help: 'The server rejected an edit. Reload the page to continue from the saved version.', Icon: IconCloudOff },
  signed_out: { words: 'Signed out', help: 'Sign in again to continue.', Icon: IconCloudOff },
  gone: { words: 'Deleted', help: 'This pipeline was deleted, or you have no access to it.', Icon: IconCloudOff },
}

export function SavedState() {
  const saved = useDocument((state) => state.saved)
  const readOnly = useDocument((state) => state.readOnly)
  const { words, help, Icon } = readOnly && saved === 'saved' ? { words: 'View only', help: 'Your role does not allow changes. Ask an admin of the workspace to change it.', Icon: IconEye } : shown[saved]
  return (
    <Tooltip label={help}>
      <span className={classes.saved} data-saved={saved} role="status">
        <Icon size={16} stroke={1.6} aria-hidden />
        <span>{words}</span>
        {saved === 'refused' && <Anchor component="button" onClick={() => location.reload()} fz={12}>Reload</Anchor>}
        {saved === 'signed_out' && <Anchor href={`/sign-in?next=${encodeURIComponent(location.pathname)}`} fz={12}>Sign in</Anchor>}
      </span>
    </Tooltip>
  )
}
