import './base.css';
import { startClocks } from './clock';
import { applyTheme } from './theme';

applyTheme();
startClocks();
