/** The Mantine theme, made of the tokens of tokens.css. */
import { Button, createTheme, Input, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Ten shades from light to dark, as Mantine wants them. */
const ULTRAMARINE = Array.from({ length: 10 }, (_, shade) => `var(--ultramarine-${shade})`) as unknown as MantineColorsTuple

/** Durations of the motion tokens in ms, for what Mantine animates by script. */
const QUICK = { duration: 140 }
const FAST = { duration: 80 }

/** The usual control is 32 px high, with text of 13 px. */
const CONTROL = { size: 'xs' }
/** A list of options scrolls itself: assistive technology knows that its options are reached from the field. */
const LIST = { withScrollArea: false, styles: { options: { maxHeight: 280, overflowY: 'auto' } } }
const isUsual = (size: unknown) => size === 'xs'

export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '15px', lg: '18px', xl: '24px' },
  lineHeights: { xs: '1.3333', sm: '1.5385', md: '1.6', lg: '1.3333', xl: '1.3333' },
  headings: {
    fontFamily: 'var(--font)', fontWeight: '600',
    sizes: {
      h1: { fontSize: '24px', lineHeight: '32px' }, h2: { fontSize: '18px', lineHeight: '24px' }, h3: { fontSize: '15px', lineHeight: '24px' },
      h4: { fontSize: '13px', lineHeight: '20px' }, h5: { fontSize: '12px', lineHeight: '16px' }, h6: { fontSize: '11px', lineHeight: '16px' },
    },
  },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '6px', lg: '10px', xl: '14px' },
  defaultRadius: 'sm',
  shadows: { xs: 'var(--e1)', sm: 'var(--e2)', md: 'var(--e3)', lg: 'var(--e3)', xl: 'var(--e4)' },
  colors: { ultramarine: ULTRAMARINE },
  primaryColor: 'ultramarine',
  primaryShade: { light: 7, dark: 5 },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, transitionProps: FAST, multiline: true, maw: 320, fz: 12, events: { hover: true, focus: true, touch: false } } },
    Menu: { defaultProps: { transitionProps: QUICK, shadow: 'md', radius: 'lg', withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { transitionProps: QUICK, shadow: 'md', radius: 'lg' } },
    Modal: { defaultProps: { transitionProps: { duration: 220 }, radius: 'xl', shadow: 'xl', size: 440, attributes: { header: { role: 'presentation' } } } },
    Select: { defaultProps: { ...CONTROL, ...LIST, comboboxProps: { transitionProps: QUICK } } },
    MultiSelect: { defaultProps: { ...CONTROL, ...LIST } },
    NumberInput: { defaultProps: CONTROL },
    TagsInput: { defaultProps: CONTROL },
    Autocomplete: { defaultProps: CONTROL },
    FileInput: { defaultProps: CONTROL },
    TextInput: { defaultProps: CONTROL },
    NativeSelect: { defaultProps: CONTROL },
    PasswordInput: { defaultProps: CONTROL },
    Textarea: { defaultProps: CONTROL },
    Switch: { defaultProps: CONTROL },
    Input: Input.extend({ vars: (_, { size }) => ({ wrapper: isUsual(size) ? { '--input-height': '32px', '--input-fz': '13px' } : {} }) }),
    Button: Button.extend({
      defaultProps: CONTROL, styles: { label: { fontWeight: 500 } },
      vars: (_, { size }) => ({ root: isUsual(size) ? { '--button-height': '32px', '--button-fz': '13px', '--button-padding-x': '12px' } : {} }),
    }),
    Notification: { defaultProps: { radius: 'lg' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
})

/** Both schemes share the values: each token holds a colour for either. */
const TOKENS = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-soft)',
  '--mantine-color-placeholder': 'var(--text-faint)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--state-failed)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--text-faint)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-ultramarine-filled': 'var(--accent-fill)',
  '--mantine-color-ultramarine-filled-hover': 'var(--accent-fill-hover)',
  '--mantine-color-ultramarine-light': 'var(--accent-soft)',
  '--mantine-color-ultramarine-light-hover': 'var(--accent-soft)',
  '--mantine-color-ultramarine-light-color': 'var(--accent)',
  '--mantine-color-ultramarine-text': 'var(--accent)',
  '--mantine-color-ultramarine-outline': 'var(--accent)',
  '--mantine-color-red-filled': 'var(--danger-fill)',
  '--mantine-color-red-filled-hover': 'var(--danger-fill-hover)',
  '--mantine-color-red-light': 'var(--failed-soft)',
  '--mantine-color-red-light-hover': 'var(--failed-soft)',
  '--mantine-color-red-light-color': 'var(--state-failed)',
  '--mantine-color-red-text': 'var(--state-failed)',
  '--tooltip-bg': 'var(--text)',
  '--tooltip-color': 'var(--surface)',
  '--menu-item-hover': 'var(--hover)',
  // Menus, skeletons, switches and segmented controls name shades of these ramps.
  '--mantine-color-red-6': 'var(--state-failed)',
  '--mantine-color-gray-0': 'var(--sunken)',
  '--mantine-color-gray-1': 'var(--sunken)',
  '--mantine-color-gray-2': 'var(--line)',
  '--mantine-color-gray-3': 'var(--line)',
  '--mantine-color-gray-4': 'var(--line-control)',
  '--mantine-color-gray-5': 'var(--line-control)',
  '--mantine-color-gray-6': 'var(--text-faint)',
  '--mantine-color-gray-7': 'var(--text-soft)',
  '--mantine-color-dark-0': 'var(--text)',
  '--mantine-color-dark-1': 'var(--text-soft)',
  '--mantine-color-dark-2': 'var(--text-faint)',
  '--mantine-color-dark-3': 'var(--line-control)',
  '--mantine-color-dark-4': 'var(--line-strong)',
  '--mantine-color-dark-5': 'var(--line)',
  '--mantine-color-dark-6': 'var(--surface)',
  '--mantine-color-dark-7': 'var(--surface)',
  '--mantine-color-dark-8': 'var(--sunken)',
  '--mantine-color-dark-9': 'var(--canvas)',
  '--mantine-color-gray-light': 'var(--sunken)',
  '--mantine-color-gray-light-hover': 'var(--hover)',
  '--mantine-color-gray-light-color': 'var(--text-soft)',
  '--mantine-color-gray-text': 'var(--text-soft)',
  '--mantine-color-gray-outline': 'var(--line-strong)',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: TOKENS, dark: TOKENS })
