/** The Mantine theme from the design tokens: one accent, one radius, quick motion. */
import { createTheme, type CSSVariablesResolver } from '@mantine/core'

export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  primaryShade: { light: 8, dark: 8 },
  components: {
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: { duration: 80 }, multiline: true, maw: 320, fz: 12, events: { hover: true, focus: true, touch: false } } },
    Menu: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md', withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { transitionProps: { duration: 80 }, shadow: 'md' } },
    Modal: { defaultProps: { transitionProps: { duration: 100 } } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { transitionProps: { duration: 80 } } } },
    Notification: { styles: { description: { color: 'var(--text-soft)' } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-body': '#ffffff', '--mantine-color-text': '#1c2127', '--mantine-color-dimmed': '#58616c', '--mantine-color-error': '#c02a2a' },
  dark: { '--mantine-color-body': '#1d2024', '--mantine-color-text': '#e6e9ed', '--mantine-color-dimmed': '#a3acb7', '--mantine-color-error': '#ff8a80', '--mantine-color-red-light': '#3b2224', '--mantine-color-red-light-color': '#ff8a80' },
})
