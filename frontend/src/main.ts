import { announceConnection } from './app/connection-announcements.js';
import { announceStates } from './app/state-announcements.js';
import { createServices } from './app/services.js';
import { SessionFlow } from './app/session-flow.js';
import { Announcer } from './ui/announcer.js';
import { Toaster } from './ui/toast.js';
import { installTooltips } from './ui/tooltip.js';

const services = createServices();
const announcer = new Announcer();
const toaster = new Toaster((id) => services.notices.dismiss(id), announcer);
services.notices.list.on((notices) => toaster.show(notices));
installTooltips();

const root = document.getElementById('app');
if (root) new SessionFlow(services, root);
announceStates(services.instances, announcer);
announceConnection(services.events.state, announcer);
