; The installer for Windows: for one person, without administrator's rights.
;
;   makensis -DVERSION=0.1.0 -DPAYLOAD=build\frozen\annotator -DICON=annotator.ico -DTARGET=setup.exe annotator.nsi
;
; setup.exe /S installs without questions, /D=C:\folder (the last argument) into another folder; uninstall.exe /S
; removes without questions. Projects, settings and added pipelines are the person's: nothing here touches them.

Unicode true
SetCompressor /SOLID lzma
ManifestDPIAware true
RequestExecutionLevel user

!include "MUI2.nsh"
!include "FileFunc.nsh"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\annotator"
!define TYPE "annotator.project"

Name "annotator ${VERSION}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\annotator"
InstallDirRegKey HKCU "Software\annotator" "folder"
BrandingText " "
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "annotator"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installs annotator"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\annotator-desktop.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open annotator"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

Section "annotator"
  ; What an older version left would mix with the new one; only folders that an installer of ours made are emptied.
  IfFileExists "$INSTDIR\uninstall.exe" 0 fresh
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\annotator.exe"
    Delete "$INSTDIR\annotator-desktop.exe"
    IfFileExists "$INSTDIR\annotator-desktop.exe" 0 fresh
      SetErrorLevel 2
      Abort "annotator is open. Close it, then start this again."
  fresh:
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}\*.*"
  File "/oname=annotator.ico" "${ICON}"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\annotator.lnk" "$INSTDIR\annotator-desktop.exe" "" "$INSTDIR\annotator.ico"

  WriteRegStr HKCU "Software\Classes\.annot" "" "${TYPE}"
  WriteRegStr HKCU "Software\Classes\.annot\OpenWithProgids" "${TYPE}" ""
  WriteRegStr HKCU "Software\Classes\${TYPE}" "" "annotator project"
  WriteRegStr HKCU "Software\Classes\${TYPE}\DefaultIcon" "" "$INSTDIR\annotator.ico"
  WriteRegStr HKCU "Software\Classes\${TYPE}\shell\open\command" "" '"$INSTDIR\annotator-desktop.exe" "%1"'

  WriteRegStr HKCU "Software\annotator" "folder" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "DisplayName" "annotator"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\annotator.ico"
  WriteRegStr HKCU "${KEY}" "Publisher" "annotator"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" $0

  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\annotator.exe"
  Delete "$INSTDIR\annotator-desktop.exe"
  Delete "$INSTDIR\annotator.ico"
  Delete "$INSTDIR\uninstall.exe"
  ; Whatever else lies in the folder is the person's, and the folder stays with it.
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\annotator.lnk"

  ReadRegStr $0 HKCU "Software\Classes\.annot" ""
  StrCmp $0 "${TYPE}" 0 +2
    DeleteRegValue HKCU "Software\Classes\.annot" ""
  DeleteRegValue HKCU "Software\Classes\.annot\OpenWithProgids" "${TYPE}"
  DeleteRegKey /ifempty HKCU "Software\Classes\.annot\OpenWithProgids"
  DeleteRegKey /ifempty HKCU "Software\Classes\.annot"
  DeleteRegKey HKCU "Software\Classes\${TYPE}"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\annotator"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
