import type { ButtonProps } from './button.js';
import { ActionError } from './action-error.js';
import { Button } from './button.js';

/** Properties of the buttons. */
export interface DialogButtonsProps {
  /** What the action is called. */
  readonly action: string;
  /** @default 'primary' */
  readonly look?: ButtonProps['look'];
  readonly disabled: boolean;
  /** Why the action failed. */
  readonly error: Error | null;
  /** What leaving without the action is called. @default 'Close' */
  readonly closing?: string;
  readonly onClose: () => void;
  /** Without it the button submits the form that it stands in. */
  readonly onAction?: () => void;
}

/** The end of a dialog: leave, or do it; and why it failed. */
export function DialogButtons({ action, look = 'primary', disabled, error, closing = 'Close', onClose, onAction }: DialogButtonsProps) {
  return (
    <>
      <ActionError error={error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{closing}</Button>
        <Button look={look} type={onAction ? 'button' : 'submit'} disabled={disabled} {...(onAction && { onClick: onAction })}>
          {action}
        </Button>
      </div>
    </>
  );
}
