import { Anchor, Tooltip } from '@mantine/core'
import { IconCloudCheck, IconCloudOff, IconCloudUp, IconEye } from '@tabler/icons-react'
import type { SaveState } from '../../server/documentSocket'
import { useDocument } from '../../state/document'
import classes from './TopBar.module.css'

const shown: Record<SaveState, { words: string; help: string; Icon: typeof IconCloudUp }> = {
  loading: { words: 'Opening…', help: 'Fetching the pipeline.', Icon: IconCloudUp },
  saved: { words: 'Saved', help: 'Every edit is kept on the server.', Icon: IconCloudCheck },
  saving: { words: 'Saving…', help: 'Your last edits are on their way.', Icon: IconCloudUp },
  offline: { words: 'Offline — edits kept', help: 'Go on working. Your edits are sent and merged when the line is back; leave this page open.', Icon: IconCloudOff },
  refused: { words: 'Not saved', help: 'The server refused an edit of this window. Reload the page to go on from what is saved.', Icon: IconCloudOff },
  signed_out: { words: 'Signed out', help: 'Sign in again to go on.', Icon: IconCloudOff },
  gone: { words: 'Deleted', help: 'This pipeline was deleted, or you have no access to it.', Icon: IconCloudOff },
}

export function SavedState() {
  const saved = useDocument((state) => state.saved)
  const readOnly = useDocument((state) => state.readOnly)
  const { words, help, Icon } = readOnly && saved === 'saved' ? { words: 'View only', help: 'Your role does not allow changes. An admin of the workspace can give you another role.', Icon: IconEye } : shown[saved]
  return (
    <Tooltip label={help}>
      <span className={classes.saved} data-saved={saved} role="status">
        <Icon size={16} stroke={1.7} aria-hidden />
        <span>{words}</span>
        {saved === 'refused' && <Anchor component="button" onClick={() => location.reload()} fz={12}>Reload</Anchor>}
        {saved === 'signed_out' && <Anchor href={`/sign-in?next=${encodeURIComponent(location.pathname)}`} fz={12}>Sign in</Anchor>}
      </span>
    </Tooltip>
  )
}
