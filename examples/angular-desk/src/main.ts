import { bootstrapApplication } from '@angular/platform-browser';
import { Desk } from './app/desk';
import { provideFeeds } from './app/feeds';

bootstrapApplication(Desk, { providers: [provideFeeds()] }).catch(console.error);
