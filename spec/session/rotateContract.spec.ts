import { rotating } from '../../lib/session/rotate.js';
import { describeFeed } from '../../lib/testing/contract/describeFeed.js';
import { contractStage } from './contractStage.js';

describeFeed('a provider whose sessions succeed each other', contractStage({ rotation: rotating({ after: 150 }) }));
describeFeed('the same provider without', contractStage({}));
