// One-key shortcuts. What a key does stands on the element it presses (data-key); rows of a list are walked with j and k. Never while typing,
// and a person may switch them off (WCAG 2.1.4). Without scripts everything is a link or a button anyway.
(() => {
  const off = () => localStorage.getItem('keys') === 'off';
  const keyed = () => [...document.querySelectorAll('[data-key]')].filter(e => e.dataset.key && e.getClientRects().length > 0);
  const rows = () => [...document.querySelectorAll('table.queue > tbody > tr')];
  const nameOf = e => e.dataset.keyName || (e.firstChild && e.firstChild.nodeType === Node.TEXT_NODE ? e.firstChild.data : e.textContent).trim();
  let at = -1;

  const hint = () => {
    document.querySelectorAll('[data-key] > kbd, .list--act li > kbd').forEach(k => k.remove());
    if (off()) return;
    for (const e of keyed()) {
      if (e.tagName === 'INPUT') continue;
      const key = document.createElement('kbd');
      key.textContent = e.dataset.key;
      key.setAttribute('aria-hidden', 'true');
      const act = e.closest('.list--act li');
      (act ?? e).append(key);
    }
  };

  const walk = step => {
    const all = rows();
    if (all.length === 0) return;
    all[at]?.classList.remove('at-hand');
    at = Math.min(Math.max(at + step, 0), all.length - 1);
    all[at].classList.add('at-hand');
    const link = all[at].querySelector('a');
    link.focus();
    link.scrollIntoView({ block: 'nearest' });
  };

  const dialog = document.createElement('dialog');
  dialog.className = 'keys-list';
  dialog.setAttribute('aria-labelledby', 'keys-h');
  const show = () => {
    const lines = keyed().map(e => [e.dataset.key, nameOf(e)]);
    if (rows().length > 0) lines.unshift(['j', '次の案件'], ['k', '前の案件'], ['Enter', '案件を開く'], ['y', '期限の根拠を開く・閉じる']);
    lines.push(['Ctrl + Enter', '入力中の内容を送る（入力中も使えます）'], ['?', 'この一覧']);
    dialog.innerHTML = '<h2 id="keys-h">キー操作</h2><p class="small soft">文字の入力中は効きません。</p><dl></dl><label class="choice"><input type="checkbox"><span>1文字のキー操作を使う</span></label><form method="dialog"><button class="button">閉じる</button></form>';
    const list = dialog.querySelector('dl');
    for (const [key, name] of lines) {
      const term = document.createElement('dt');
      term.append(Object.assign(document.createElement('kbd'), { textContent: key }));
      list.append(term, Object.assign(document.createElement('dd'), { textContent: name }));
    }
    const use = dialog.querySelector('input');
    use.checked = !off();
    use.addEventListener('change', () => { localStorage.setItem('keys', use.checked ? 'on' : 'off'); hint(); });
    dialog.showModal();
  };

  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.form) {
      const main = event.target.form.querySelector('.button--key');
      if (main) { event.preventDefault(); main.click(); }
      return;
    }
    const typing = event.target.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open || off()) return;
    if (event.key === '?') { event.preventDefault(); show(); return; }
    if (event.key === 'j' || event.key === 'k') { event.preventDefault(); walk(event.key === 'j' ? 1 : -1); return; }
    if (event.key === 'y' && at >= 0) { event.preventDefault(); rows()[at].querySelector('summary')?.click(); return; }
    const wanted = keyed().find(e => e.dataset.key === event.key);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.tagName === 'INPUT') { wanted.focus(); wanted.select(); return; }
    wanted.click();
    // A link to a field of this page unfolds what hides it and puts the cursor there.
    if (wanted.hash && wanted.pathname === location.pathname) document.getElementById(wanted.hash.slice(1))?.focus();
  });

  const open = document.createElement('button');
  open.type = 'button';
  open.className = 'link keys-open';
  open.innerHTML = 'キー操作の一覧 <kbd aria-hidden="true">?</kbd>';
  open.addEventListener('click', show);
  document.querySelector('.foot .row')?.append(open);
  document.body.append(dialog);
  hint();
})();
