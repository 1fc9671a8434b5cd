// Every word of the app in both languages; a key without one of them does not compile.

import type { Words } from './procedures';

const KEY = 'guangyue.lang';

const BOOK = {
  app: ['光岳 · 执勤', 'Guangyue · Field'],
  mine: ['我的事项', 'My matters'],
  queue: ['待传', 'Queue'],
  more: ['更多', 'More'],
  online: ['已联网', 'Online'],
  offline: ['无网络', 'No network'],
  offline_note: ['没有网络也可以照常登记，联网后按现场时间补传。', 'Work on without network; what you record is sent later and counts from when you saw it.'],
  waiting_n: ['{n} 条待传', '{n} to send'],
  refused_n: ['{n} 条未被受理', '{n} refused'],
  sign_in: ['请登录后传送', 'Sign in to send'],
  sign_in_first: ['请先联网登录一次，之后没有网络也能使用。', 'Sign in once while online; after that the app works without network.'],
  to_sign_in: ['登录', 'Sign in'],
  nothing: ['还没有未办结的事项', 'No open matters'],
  nothing_more: ['点下面的按钮，从拍照开始。', 'Begin with the button below: it opens the camera.'],
  done_today: ['已办结', 'Closed'],
  not_sent: ['尚未传送', 'Not sent yet'],
  photo_of: ['第 {i} 张，共 {n} 张', 'Photograph {i} of {n}'],
  panorama: ['全景：拍到周围标志物', 'Surroundings, with a landmark'],
  close: ['近景：号牌清晰可读', 'Close-up, plate readable'],
  plain_photo: ['照片', 'Photograph'],
  shutter: ['拍照', 'Take the photograph'],
  from_camera_app: ['用手机相机', 'Phone camera'],
  enough: ['下一步', 'Next'],
  again: ['重拍', 'Retake'],
  add_photo: ['再拍一张', 'One more'],
  no_camera: ['摄像头不可用，请用手机相机拍照。', 'The camera cannot be opened here; use the phone’s own.'],
  locating: ['正在定位…', 'Finding position…'],
  located: ['定位精度 {m} 米', 'Position ±{m} m'],
  not_located: ['未能定位', 'No position'],
  locate_again: ['重新定位', 'Try again'],
  plate_typed: ['输入号牌', 'Plate'],
  delete: ['删除', 'Delete'],
  letters: ['字母数字', 'Letters and digits'],
  province: ['省份简称', 'Province'],
  endings: ['挂学警…', 'Other endings'],
  reading: ['正在从照片读取号牌…', 'Reading the plate from the photograph…'],
  read_as: ['照片读出 {plate}', 'Photograph says {plate}'],
  use_it: ['采用', 'Use it'],
  same: ['与照片一致', 'Matches the photograph'],
  differs: ['与照片读出的 {plate} 不一致，请核对。', 'The photograph says {plate}. Please check.'],
  mine_counts: ['已核对，以我输入的为准', 'Checked: what I typed is right'],
  no_reading: ['照片中没有读出号牌，请核对输入。', 'No plate was read in the photograph; check what you typed.'],
  impossible: ['号牌格式不正确，请核对。', 'This plate cannot exist; please check.'],
  required: ['请填写“{title}”。', 'Please fill in “{title}”.'],
  optional: ['选填', 'optional'],
  more_details: ['更多信息（选填）', 'More details (optional)'],
  need_photos: ['还差 {n} 张照片。', '{n} more photographs are needed.'],
  need_place: ['照片需要定位，请到开阔处重试。', 'The photographs need a position; try in the open.'],
  too_soon: ['距首次取证不足 {m} 分钟，还需等 {left}。', 'Photographs must be {m} minutes apart; {left} to go.'],
  becomes: ['办理后', 'It then becomes'],
  submit: ['确认提交', 'Confirm'],
  cancel: ['取消', 'Cancel'],
  back: ['返回', 'Back'],
  kept_sent: ['已保存在手机，正在传送', 'Kept on the phone; sending'],
  kept_offline: ['已保存在手机，联网后自动传送', 'Kept on the phone; will be sent when there is network'],
  next_act: ['现在可以', 'What you can do now'],
  nothing_to_do: ['目前没有需要您办理的。', 'Nothing for you to do here now.'],
  story: ['经过', 'What happened'],
  observed: ['现场', 'seen'],
  spoken_n: ['{n} 段语音', '{n} voice notes'],
  photos_n: ['{n} 张照片', '{n} photographs'],
  status_waiting: ['待传', 'waiting'],
  status_sending: ['传送中', 'sending'],
  status_accepted: ['已受理', 'accepted'],
  status_refused: ['未受理', 'refused'],
  refused_title: ['未被受理', 'Not accepted'],
  correct: ['更正后重新提交', 'Correct and send again'],
  put_away: ['已知悉，收起', 'Read; put away'],
  all_sent: ['没有待传的记录', 'Everything is sent'],
  all_sent_more: ['每一条记录都会留在这里，直到服务器答复。', 'Each record stays here until the server has answered.'],
  send_now: ['立即传送', 'Send now'],
  someone_else: ['由另一账号登记，请该账号登录后传送。', 'Recorded under another account; it is sent when that officer signs in.'],
  slip: ['打印 {title}', 'Print: {title}'],
  slip_offline: ['联网后可打印', 'can be printed when online'],
  settings: ['设置', 'Settings'],
  language: ['English', '中文'],
  theme: ['浅色 / 深色', 'Light or dark'],
  signed_in_as: ['当前账号：{name}', 'Signed in as {name}'],
  version: ['版本 {v}', 'Version {v}'],
  new_version: ['有新版本', 'A new version is ready'],
  reload: ['更新', 'Update'],
  install: ['安装到手机桌面', 'Install on this phone'],
  storage: ['手机中保存 {n} 张照片，{mb} MB', '{n} photographs on this phone, {mb} MB'],
  console: ['打开工作台', 'Open the console'],
  law: ['依据：{law}', 'Basis: {law}'],
  left: ['剩余', 'left'],
  yes: ['是', 'Yes'],
  choose: ['请选择', 'Choose'],
  no_acts: ['您的岗位没有可在手机上办理的事项。', 'Your role has nothing to do in the field app.'],
  ends_at: ['{t} 到期', 'until {t}'],
  photo_alt: ['第 {i} 张取证照片', 'Evidence photograph {i}'],
  other_acts: ['其他办理（{n}）', 'Other acts ({n})'],
  begin: ['发起', 'Begin'],
  other_kinds: ['其他事项（{n}）', 'Other matters ({n})'],
  pick_kind: ['要办什么', 'What is it?'],
  checks: ['核对', 'Check'],
  present: ['在场人员', 'Present'],
  colleagues: ['同行执法人员证号', 'Numbers of the colleagues with you'],
  colleagues_need: ['至少还需 {n} 名执法人员，请填写证号。', 'At least {n} more officer(s) must act with you: give their numbers.'],
  unit_line: ['单位', 'Unit'],
  one_more: ['再加一行', 'One more'],
  take_out: ['移除', 'Remove'],
  need_unit: ['请为“{title}”选择单位。', 'Choose a unit for “{title}”.'],
  need_item: ['“{title}”至少列一件。', '“{title}” needs at least one line.'],
  need_matter: ['请选择{title}。', 'Choose: {title}.'],
  none_in_hand: ['手机中没有可选的事项；未传送的事项传送后才能选。', 'No such matter on this phone; what was recorded here can be chosen once it is sent.'],
  record_voice: ['开始录音', 'Record a voice note'],
  stop_voice: ['停止（{s} 秒）', 'Stop ({s} s)'],
  voice_note: ['语音 {s} 秒', 'Voice note, {s} s'],
  voice_off: ['无法录音：请允许使用麦克风。', 'No recording: allow the microphone.'],
  drop_voice: ['删除录音', 'Remove the recording'],
  pick_clip: ['选择视频文件', 'Choose a video file'],
  earlier: ['以往记录', 'Earlier records'],
  earlier_none: ['自 {day} 以来没有记录', 'None since {day}'],
  earlier_note: ['仅供参考，由您决定；本次查询已留痕。', 'A suggestion only: you decide. This look is on record.'],
  print_ticket: ['小票打印', 'Print on the belt printer'],
  printing: ['正在打印…', 'Printing…'],
  printed: ['已送打印机', 'Sent to the printer'],
  printer_none: ['未连接打印机，已下载小票文件', 'No printer: the ticket was saved as a file'],
  main_nav: ['主导航', 'Main'],
  plate_reading_missing: ['本机未安装号牌识别', 'Plate reading is not installed'],
} as const satisfies Record<string, readonly [string, string]>;

export type Key = keyof typeof BOOK;

export function isChinese(): boolean {
  return document.documentElement.lang.startsWith('zh');
}

/** On this phone, and for the pages of the server that the officer goes through to sign in. */
export function setLanguage(lang: string): void {
  localStorage.setItem(KEY, lang);
  document.cookie = `django_language=${lang}; path=/; max-age=31536000; samesite=lax`;
  document.documentElement.lang = lang;
}

/** What was chosen here, else on the server's pages, else Chinese. */
export function keptLanguage(): string {
  const elsewhere = /(?:^|; )django_language=(zh-hans|en)/.exec(document.cookie)?.[1];
  return localStorage.getItem(KEY) ?? elsewhere ?? 'zh-hans';
}

export function t(key: Key, parameters: Record<string, string | number> = {}): string {
  const text: string = BOOK[key][isChinese() ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

/** A bilingual wording of the server's. */
export function say(words: Words | undefined | null): string {
  return words ? (isChinese() ? words.zh : words.en) : '';
}
