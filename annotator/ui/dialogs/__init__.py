"""Pages and dialogs: the first screen, new project, import and its report, export, the schema, and the small ones.

Each gets what it needs when it is made (a `Session`, the window's `Settings`, `Jobs.run` for long work) and answers
by a signal or a value; none knows the window, the controller, a panel or the article view. What they hand out:

    welcome        WelcomePage(): set_projects(recents), signals new_wanted, open_wanted, sample_wanted,
                   recent_chosen(Path), locate_wanted(Path), forget_wanted(Path), keys_wanted, settings_wanted
    new_project    NewProjectDialog(run, make=..., sources=()): `make(NewProjectPlan)` makes it or raises UserError
    importing      ImportDialog(session, run, sources=()): import_wanted(tuple[ImportRequest, ...])
    import_report  ImportReportDialog(report): document_wanted(int); `needs_report(report)` says if one is due
    export         ExportDialog(session, run): spot_wanted(Spots, int at), example_wanted(Loss, int at), choice
    schema_page    SchemaPage(): set_session(session), refresh(), choose(kind, name), begin_label();
                   command_wanted(command), closed
    mapping        MappingDialog(session, run): suggest_wanted(bool again)
    training       TrainingDialog(session, run): train_wanted(Path, TrainOptions), use_wanted(TrainReport, bool again);
                   follow(job, target), show_report(report)
    paste          PasteDialog(session, text=""): paste_wanted(str text, str title, str language)
    skip           SkipDialog(session, title): skip_wanted(str reason)
    accept_above   AcceptAboveDialog(session, undecided): command_wanted(AcceptMany)
    keys_list      KeysDialog(): action_wanted(str id)
    history        HistoryDialog(session): undo_wanted(Undo)
    remove_for_good  RemoveForGoodDialog(session, documents, run): wanted(documents, backups)
    document_info  DocumentInfoDialog(session, key, run): command_wanted(command)
    settings       SettingsDialog(settings, annotator): annotator_changed(str)
    backups        BackupsDialog(path, run): copy_wanted(Backup), put_back_wanted(Backup)
    copying        CopyDialog(path, run, folder=...)
    about, crash   AboutDialog(), CrashDialog(error)

May import workflows, the values of `model` and `editing.commands`, and the window's shared parts: widgets, theme,
fonts, icons, style, actions, settings, jobs. Start reading with `frame.py`, the head, body and foot that all share.
"""
