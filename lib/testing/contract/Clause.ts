import type { Observable } from 'rxjs';
import type { ContractStage } from './ContractStage.js';

/** One promise of every provider: completes when it was seen to be kept, fails when it was broken. */
export interface Clause {
  readonly name: string;
  /** Whether it is about the credential: a vendor that serves everybody has no such clause. */
  readonly secret?: boolean | undefined;
  readonly prove: (stage: ContractStage) => Observable<unknown>;
}
