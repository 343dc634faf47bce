@echo off
rem awsmfa for the Windows command prompt. Once, in a folder of PATH: awsmfa hook cmd > mfa.cmd
rem   mfa use [PROFILE]   puts a session into this window
rem   mfa off             takes it out again
rem   mfa ...             anything else is awsmfa's own
rem Double-clicked it keeps a window open with a session in it, of the setting.ini beside it if there is one.

rem -- The program ---------------------------------------------------------------------------------

set "_awsmfa_bin=@AWSMFA@"

rem -- Which act -----------------------------------------------------------------------------------
rem A double click is known by this file's name in the command line that started cmd.

set "_awsmfa_act=%~1"
set "_awsmfa_setting="
if exist "%~dp0setting.ini" set _awsmfa_setting=--setting-ini "%~dp0setting.ini"
if /i "%_awsmfa_act%"=="use" goto use
if /i "%_awsmfa_act%"=="off" goto off
if not "%_awsmfa_act%"=="" goto through
echo "%cmdcmdline:"=%" | find /i "%~nx0" >nul && goto clicked
:through
"%_awsmfa_bin%" %*
goto end

rem -- Into this window ----------------------------------------------------------------------------
rem cmd has no eval: each line is called. No file ever holds a secret.

:use
for /f "delims=" %%i in ('""%_awsmfa_bin%" %* --shell cmd"') do @call %%i
goto end

:clicked
for /f "delims=" %%i in ('""%_awsmfa_bin%" use --shell cmd %_awsmfa_setting%"') do @call %%i
cmd /k title awsmfa
goto end

rem -- Out of this window --------------------------------------------------------------------------

:off
for /f "delims=" %%i in ('""%_awsmfa_bin%" env --unset --shell cmd"') do @call %%i

rem -- The end -------------------------------------------------------------------------------------
rem Each set loses the errorlevel, so the status is what stays behind.

:end
set "_awsmfa_status=%errorlevel%"
set "_awsmfa_bin="
set "_awsmfa_act="
if defined _awsmfa_setting set "_awsmfa_setting="
exit /b %_awsmfa_status%
