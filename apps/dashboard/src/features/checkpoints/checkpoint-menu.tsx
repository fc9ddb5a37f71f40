import type { CheckpointInfo } from '@langevin/contracts/api';
import * as Menu from '@radix-ui/react-dropdown-menu';
import { useNavigate } from '@tanstack/react-router';
import { Download, Ellipsis, GitFork, Play, Sparkles, Tag } from 'lucide-react';
import { menuClass, menuItemClass } from '../../ui/menu-classes.js';

/** What opens a dialog. */
export type CheckpointAction = 'files' | 'register' | 'resume' | 'fork';

const actions = [
  { action: 'register', label: 'Register as model…', Icon: Tag },
  { action: 'files', label: 'Files…', Icon: Download },
  { action: 'resume', label: 'Resume from here…', Icon: Play },
  { action: 'fork', label: 'Fork from here…', Icon: GitFork },
] as const;

/** Properties of the menu. */
export interface CheckpointMenuProps {
  readonly checkpoint: CheckpointInfo;
  readonly onAction: (action: CheckpointAction, checkpoint: CheckpointInfo) => void;
}

/** What can be done with a checkpoint. */
export function CheckpointMenu({ checkpoint, onAction }: CheckpointMenuProps) {
  const navigate = useNavigate();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger aria-label={`Actions for step ${checkpoint.step}`} className="inline-flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-raised hover:text-ink">
        <Ellipsis size={16} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content align="end" sideOffset={2} className={menuClass}>
          {checkpoint.guidanceRole === 'denoiser' && (
            <Menu.Item className={menuItemClass} onSelect={() => void navigate({ to: '.', search: (old) => ({ ...old, draw: `checkpoint:${checkpoint.digest}` }) })}>
              <Sparkles size={15} aria-hidden />
              Sample now…
            </Menu.Item>
          )}
          {actions.map(({ action, label, Icon }) => (
            <Menu.Item key={action} className={menuItemClass} onSelect={() => onAction(action, checkpoint)}>
              <Icon size={15} aria-hidden />
              {label}
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
