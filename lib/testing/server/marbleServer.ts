import type { RunHelpers } from 'rxjs/testing';
import { checkLetters } from '../feeds.js';
import { scriptedVendor } from './scriptedVendor.js';
import type { ScriptedVendor, VendorAct, VendorScripts } from './VendorScript.js';

/** A scripted vendor whose doings can be drawn. */
export interface MarbleVendor extends ScriptedVendor {
  /**
   * Draws what the vendor does and when, counted from the beginning of the test: `x` drops all connections, any other
   * letter does what `values` says.
   *
   * @example
   * vendor.says('-t-x-t-j-s', { t: aTrade(), j: '{"junk', s: ({ mute }) => mute() })
   */
  readonly says: (diagram: string, values?: Readonly<Record<string, VendorAct>>) => void;
}

/** Makes the scripted vendor of a marble test. */
export type MarbleServer = <V extends keyof VendorScripts>(vendor: V, script?: VendorScripts[V]) => MarbleVendor;

/** The `server` of a test in virtual time. */
export const marbleServer =
  ({ hot }: RunHelpers): MarbleServer =>
  (name, script) => {
    const vendor = scriptedVendor(name, script);
    const says: MarbleVendor['says'] = (diagram, values = {}) => {
      const letters: Readonly<Record<string, VendorAct>> = { x: ({ drop }) => drop(), ...values };
      checkLetters(diagram, letters);
      hot<VendorAct>(diagram, letters).subscribe(vendor.act);
    };
    return Object.defineProperties({ says }, Object.getOwnPropertyDescriptors(vendor)) as MarbleVendor;
  };
