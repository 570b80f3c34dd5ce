@echo off
rem Runs Jandaia on Windows. Needs JAVA_HOME to be JDK 25; builds on first use, not again when sources change.
setlocal
set "APP=%~dp0jandaia-cli\target\jandaia"
if not defined JAVA_HOME (
  echo jandaia: set JAVA_HOME to a JDK 25, from https://adoptium.net/temurin/releases?version=25 1>&2
  exit /b 1
)
if not exist "%APP%\jandaia.jar" (
  echo jandaia: building ^(about half a minute^) 1>&2
  call mvn -q -B -f "%~dp0pom.xml" -Dquick -Dmaven.test.skip=true -pl jandaia-cli -am package 1>&2 || exit /b 1
)
"%JAVA_HOME%\bin\java" -XX:+UseSerialGC -Xms32m -XX:+UnlockExperimentalVMOptions -XX:+EnableVectorSupport -XX:MaxRAMPercentage=50 -Dstdin.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 %JANDAIA_OPTS% -jar "%APP%\jandaia.jar" %*
