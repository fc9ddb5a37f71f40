import * as Menu from '@radix-ui/react-dropdown-menu';
import { Check, Monitor, Moon, Sun } from 'lucide-react';
import type { ThemeChoice } from '../theme/theme-store.js';
import { theme } from '../theme/page-theme.js';
import { useTheme } from '../theme/use-theme.js';
import { menuClass, menuItemClass } from '../ui/menu-classes.js';

const choices = [
  { value: 'system', label: 'As the system', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
] as const;

/** Chooses light, dark, or what the device says; open when it comes. */
export function ThemeMenu() {
  const { choice, shown } = useTheme();
  const Icon = shown === 'dark' ? Moon : Sun;
  return (
    <Menu.Root modal={false} defaultOpen>
      <Menu.Trigger aria-label="Theme" className="inline-flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-raised hover:text-ink">
        <Icon size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="end" sideOffset={4} className={menuClass}>
          <Menu.RadioGroup value={choice} onValueChange={(value) => theme.choose(value as ThemeChoice)}>
            {choices.map(({ value, label, Icon: ItemIcon }) => (
              <Menu.RadioItem key={value} value={value} className={menuItemClass}>
                <ItemIcon size={15} aria-hidden />
                {label}
                <Menu.ItemIndicator className="ml-auto">
                  <Check size={14} aria-hidden />
                </Menu.ItemIndicator>
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
