<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR">
<context>
    <name>AnalystMark</name>
    <message>
        <source>Flagged</source>
        <translation>표시해 둠</translation>
    </message>
    <message>
        <source>Reason: {text}</source>
        <translation>이유: {text}</translation>
    </message>
    <message>
        <source>Note: {text}</source>
        <translation>메모: {text}</translation>
    </message>
    <message>
        <source>Confirmed by {who}</source>
        <translation>{who} 확인</translation>
    </message>
    <message>
        <source>Confirmed by the analyst</source>
        <translation>분석자 확인</translation>
    </message>
    <message>
        <source>Rejected by {who}</source>
        <translation>{who} 기각</translation>
    </message>
    <message>
        <source>Rejected by the analyst</source>
        <translation>분석자 기각</translation>
    </message>
</context>
<context>
    <name>AnalystPage</name>
    <message>
        <source>Your name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Stands beside every decision that you take, and in the report. It stays here.</source>
        <translation>내리는 판단마다 옆에, 그리고 보고서에 적힙니다. 이 컴퓨터에만 남습니다.</translation>
    </message>
</context>
<context>
    <name>Answers</name>
    <message>
        <source>No reference to compare with: {components}</source>
        <translation>라이브러리에 비교할 기준 모델이 없음: {components}</translation>
    </message>
</context>
<context>
    <name>AppearancePage</name>
    <message>
        <source>Theme</source>
        <translation>테마</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>글자 크기</translation>
    </message>
    <message>
        <source>Colours of similarities</source>
        <translation>유사도 색</translation>
    </message>
    <message>
        <source>Sample of the colours of similarities</source>
        <translation>유사도 색 견본</translation>
    </message>
    <message>
        <source>Colours of signed values</source>
        <translation>부호 있는 값의 색</translation>
    </message>
    <message>
        <source>Digits of a similarity</source>
        <translation>유사도 자릿수</translation>
    </message>
    <message>
        <source>Similarities, weights, z</source>
        <translation>유사도, 가중치, z</translation>
    </message>
    <message>
        <source>Thousands</source>
        <translation>천 단위 구분</translation>
    </message>
    <message>
        <source>For example</source>
        <translation>예시</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>시스템 설정</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>cividis: blue to yellow, the usual</source>
        <translation>cividis: 파랑에서 노랑으로, 기본</translation>
    </message>
    <message>
        <source>CET-CBL1: black to white over blue and yellow, more contrast</source>
        <translation>CET-CBL1: 검정에서 파랑·노랑을 거쳐 흰색으로, 대비가 큼</translation>
    </message>
    <message>
        <source>comma: 1,234,567</source>
        <translation>쉼표: 1,234,567</translation>
    </message>
    <message>
        <source>narrow space: {number}</source>
        <translation>좁은 공백: {number}</translation>
    </message>
    <message>
        <source>nothing: 1234567</source>
        <translation>없음: 1234567</translation>
    </message>
    <message>
        <source>plain: 0.0123</source>
        <translation>일반: 0.0123</translation>
    </message>
    <message>
        <source>powers of ten: 1.23e−2</source>
        <translation>10의 거듭제곱: 1.23e−2</translation>
    </message>
</context>
<context>
    <name>Bubble</name>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>마침</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>그만 보기</translation>
    </message>
</context>
<context>
    <name>BucketChips</name>
    <message>
        <source>{bucket}: {count} rows</source>
        <translation>{bucket}: {count}행</translation>
    </message>
</context>
<context>
    <name>CheckList</name>
    <message>
        <source>Checks</source>
        <translation>확인 항목</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Type a command</source>
        <translation>명령 입력</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>명령</translation>
    </message>
</context>
<context>
    <name>ComponentCard</name>
    <message>
        <source>{count} blocks</source>
        <translation>블록 {count}개</translation>
    </message>
    <message>
        <source>{count} parameters</source>
        <translation>파라미터 {count}</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>증거</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>비교 중…</translation>
    </message>
    <message>
        <source>Compared with {component} of {reference}</source>
        <translation>비교 대상: {reference}의 {component}</translation>
    </message>
    <message>
        <source>No reference has a part that can be compared with this.</source>
        <translation>이 구성 요소와 비교할 수 있는 부분이 기준 모델에 없습니다.</translation>
    </message>
    <message>
        <source>Waiting for its turn.</source>
        <translation>차례를 기다리고 있습니다.</translation>
    </message>
    <message>
        <source>Add a reference to compare it with.</source>
        <translation>비교할 기준 모델을 추가하십시오.</translation>
    </message>
    <message>
        <source>It was not compared.</source>
        <translation>비교하지 않았습니다.</translation>
    </message>
    <message>
        <source>Disguise: {names}</source>
        <translation>위장: {names}</translation>
    </message>
    <message>
        <source>compared {share}</source>
        <translation>비교 범위 {share}</translation>
    </message>
    <message>
        <source>Inherited {share}</source>
        <translation>상속 {share}</translation>
    </message>
    <message>
        <source>examined {share} of its parameters</source>
        <translation>파라미터의 {share}를 조사</translation>
    </message>
</context>
<context>
    <name>CrashBand</name>
    <message>
        <source>Copied</source>
        <translation>복사했습니다</translation>
    </message>
    <message>
        <source>Assayer did not close properly last time</source>
        <translation>지난번에 Assayer가 정상적으로 종료되지 않았습니다</translation>
    </message>
    <message>
        <source>Your checkpoints are only ever read, so they are intact: open them again. If it happens twice, copy the text below and give it to whoever looks after Assayer here. It names paths of this machine, and nothing has been sent anywhere.</source>
        <translation>체크포인트는 읽기만 하므로 그대로 있습니다. 다시 여십시오. 같은 일이 또 생기면 아래 글을 복사해 Assayer를 관리하는 사람에게 전달하십시오. 이 컴퓨터의 경로가 들어 있으며, 어디로도 전송되지 않았습니다.</translation>
    </message>
    <message>
        <source>What was written last before the end</source>
        <translation>종료 직전에 기록된 내용</translation>
    </message>
    <message>
        <source>Nothing was written before the end.</source>
        <translation>종료 전에 기록된 내용이 없습니다.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>It was started {started} and wrote its last line {last}.</source>
        <translation>{started}에 시작했고 {last}에 마지막 줄을 기록했습니다.</translation>
    </message>
    <message>
        <source>A fault ended it; the trace at the end of the text says where.</source>
        <translation>결함 때문에 종료되었습니다. 아래 글 끝의 추적 기록에 위치가 나와 있습니다.</translation>
    </message>
    <message>
        <source>An error that nobody foresaw ended it; the text says which.</source>
        <translation>예상하지 못한 오류 때문에 종료되었습니다. 어떤 오류인지 아래 글에 나와 있습니다.</translation>
    </message>
    <message>
        <source>It was ended from outside and could not say why: the system may have run out of memory, the power may have failed, or somebody ended it.</source>
        <translation>외부에서 종료되어 이유를 남기지 못했습니다. 메모리가 부족했거나, 전원이 꺼졌거나, 누군가 종료했을 수 있습니다.</translation>
    </message>
    <message>
        <source>{count} windows ended so; the text is of all.</source>
        <translation>창 {count}개가 이렇게 종료되었으며, 아래 글은 모두의 기록입니다.</translation>
    </message>
</context>
<context>
    <name>DecisionsPanel</name>
    <message>
        <source>Decisions</source>
        <translation>판단</translation>
    </message>
    <message>
        <source>Note or reason</source>
        <translation>메모 또는 이유</translation>
    </message>
    <message>
        <source>Who decides</source>
        <translation>판단한 사람</translation>
    </message>
    <message>
        <source>When: now</source>
        <translation>시각: 지금</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>기각</translation>
    </message>
    <message>
        <source>Add note</source>
        <translation>메모 추가</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>When; empty for now</source>
        <translation>판단 시각, 비우면 현재 시각</translation>
    </message>
    <message>
        <source>Log of decisions, the newest first; Enter opens what one is about</source>
        <translation>판단 기록, 최근 것부터. Enter로 해당 대상을 엽니다</translation>
    </message>
    <message>
        <source>Select a component or a tensor pair to decide on it.</source>
        <translation>판단할 구성 요소나 텐서 쌍을 선택하십시오.</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>Add references</source>
        <translation>기준 모델 추가</translation>
    </message>
    <message>
        <source>Open a candidate</source>
        <translation>후보 열기</translation>
    </message>
    <message>
        <source>Export the heatmap</source>
        <translation>히트맵 내보내기</translation>
    </message>
    <message>
        <source>Export the mosaic</source>
        <translation>모자이크 내보내기</translation>
    </message>
    <message>
        <source>Add to the library</source>
        <translation>라이브러리에 추가</translation>
    </message>
    <message>
        <source>Import a pack</source>
        <translation>팩 가져오기</translation>
    </message>
    <message>
        <source>Export as a pack</source>
        <translation>팩으로 내보내기</translation>
    </message>
    <message>
        <source>The folder of the reference library</source>
        <translation>기준 모델 라이브러리 폴더</translation>
    </message>
</context>
<context>
    <name>DifferencesPage</name>
    <message>
        <source>Another review…</source>
        <translation>다른 검토 파일…</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>다시 비교</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>모두 복사</translation>
    </message>
    <message>
        <source>Copy the row</source>
        <translation>행 복사</translation>
    </message>
    <message>
        <source>Compares what is open now with the same file</source>
        <translation>지금 열린 내용을 같은 파일과 다시 비교합니다</translation>
    </message>
    <message>
        <source>Copies the sentences and the whole table</source>
        <translation>요약 문장과 표 전체를 복사합니다</translation>
    </message>
    <message>
        <source>Differences between two reviews</source>
        <translation>두 검토 파일의 차이</translation>
    </message>
    <message>
        <source>Here: {here} · There: {there}</source>
        <translation>열린 검토: {here} · 다른 검토: {there}</translation>
    </message>
    <message>
        <source>Something was decided since; compare again to have it in here.</source>
        <translation>그 뒤에 내린 판단이 있습니다. 반영하려면 다시 비교하십시오.</translation>
    </message>
    <message>
        <source>The two reviews are being compared.</source>
        <translation>두 검토 파일을 비교하고 있습니다.</translation>
    </message>
    <message>
        <source>There is no difference to list.</source>
        <translation>나열할 차이가 없습니다.</translation>
    </message>
    <message>
        <source>What another review of this candidate says otherwise appears here.</source>
        <translation>이 후보의 다른 검토 파일에서 달라진 내용이 여기에 표시됩니다.</translation>
    </message>
</context>
<context>
    <name>DifferencesTab</name>
    <message>
        <source>Compare with another review</source>
        <translation>다른 검토 파일과 비교</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>차이</translation>
    </message>
</context>
<context>
    <name>EnginePage</name>
    <message>
        <source>Memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>스레드</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>What one engine process may have at most; automatic is three quarters of this machine&apos;s memory. </source>
        <translation>엔진 프로세스 하나가 쓸 수 있는 최대량입니다. 자동은 이 컴퓨터 메모리의 4분의 3입니다. </translation>
    </message>
    <message>
        <source>A file that needs more ends in a sentence, not in a machine that stands still.</source>
        <translation>더 많이 필요한 파일은 컴퓨터를 멈추게 하지 않고 안내 문장으로 끝납니다.</translation>
    </message>
    <message>
        <source>Automatic is one a core. The results are the same with any number. </source>
        <translation>자동은 코어마다 하나입니다. 몇 개로 하든 결과는 같습니다. </translation>
    </message>
    <message>
        <source>Both hold for work that begins from now on.</source>
        <translation>두 설정 모두 지금부터 시작하는 작업에 적용됩니다.</translation>
    </message>
</context>
<context>
    <name>EvidenceFigures</name>
    <message>
        <source>shuffled {null}</source>
        <translation>섞었을 때 {null}</translation>
    </message>
    <message>
        <source>Cosine, as is</source>
        <translation>코사인, 그대로</translation>
    </message>
    <message>
        <source>chance: −3 to 3</source>
        <translation>우연: −3 ~ 3</translation>
    </message>
    <message>
        <source>largest control {z}</source>
        <translation>최대 대조 {z}</translation>
    </message>
    <message>
        <source>Permutation z</source>
        <translation>순열 z</translation>
    </message>
    <message>
        <source>Permutation z, as is</source>
        <translation>순열 z, 그대로</translation>
    </message>
    <message>
        <source>as is {z}</source>
        <translation>그대로 {z}</translation>
    </message>
    <message>
        <source>control {z}</source>
        <translation>대조 {z}</translation>
    </message>
    <message>
        <source>{test} z</source>
        <translation>{test} z</translation>
    </message>
    <message>
        <source>more would have shown</source>
        <translation>이보다 크면 드러났음</translation>
    </message>
    <message>
        <source>less would be missed</source>
        <translation>이보다 작으면 놓침</translation>
    </message>
    <message>
        <source>Detection limit</source>
        <translation>검출 한계</translation>
    </message>
    <message>
        <source>proven bound, log10 p {value}</source>
        <translation>증명된 상한, log10 p {value}</translation>
    </message>
    <message>
        <source>the values are equal</source>
        <translation>값이 모두 같음</translation>
    </message>
    <message>
        <source>decided by controls</source>
        <translation>대조로 판정</translation>
    </message>
    <message>
        <source>no exact test ran</source>
        <translation>정확한 검정 없음</translation>
    </message>
    <message>
        <source>Chance, if unrelated</source>
        <translation>무관할 때의 확률</translation>
    </message>
</context>
<context>
    <name>EvidencePage</name>
    <message>
        <source>Component</source>
        <translation>구성 요소</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>기준 모델</translation>
    </message>
    <message>
        <source>The tests appear here when a component has been compared.</source>
        <translation>구성 요소를 비교하면 검정 결과가 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Tests</source>
        <translation>검정</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>Inherited units</source>
        <translation>상속된 유닛</translation>
    </message>
    <message>
        <source>Left out and notes</source>
        <translation>제외 항목과 참고</translation>
    </message>
    <message>
        <source>Parts of the evidence</source>
        <translation>증거의 부분</translation>
    </message>
    <message>
        <source>detection limit {limit}</source>
        <translation>검출 한계 {limit}</translation>
    </message>
    <message>
        <source>examined {share} of the parameters</source>
        <translation>파라미터의 {share}를 조사</translation>
    </message>
</context>
<context>
    <name>FilterBox</name>
    <message>
        <source>Fields: {names}</source>
        <translation>필드: {names}</translation>
    </message>
    <message>
        <source>What can be typed here, with examples</source>
        <translation>여기에 입력할 수 있는 것과 예시</translation>
    </message>
    <message>
        <source>Filter help</source>
        <translation>필터 도움말</translation>
    </message>
    <message>
        <source>The quotation mark is not closed: {what}</source>
        <translation>따옴표가 닫히지 않았습니다: {what}</translation>
    </message>
    <message>
        <source>This parenthesis is not closed: {what}</source>
        <translation>괄호가 닫히지 않았습니다: {what}</translation>
    </message>
    <message>
        <source>This parenthesis was never opened: {what}</source>
        <translation>여는 괄호가 없습니다: {what}</translation>
    </message>
    <message>
        <source>There is no field &quot;{what}&quot;; put the text in quotes to look for it as it stands</source>
        <translation>&quot;{what}&quot; 필드가 없습니다. 그대로 찾으려면 따옴표로 묶으십시오</translation>
    </message>
    <message>
        <source>A value is missing after {what}</source>
        <translation>{what} 뒤에 값이 없습니다</translation>
    </message>
    <message>
        <source>&quot;{what}&quot; is not a number</source>
        <translation>&quot;{what}&quot;은(는) 숫자가 아닙니다</translation>
    </message>
    <message>
        <source>The field {what} holds text: use : or = with it</source>
        <translation>{what} 필드는 텍스트입니다. : 또는 = 을 쓰십시오</translation>
    </message>
    <message>
        <source>Something is missing after {what}</source>
        <translation>{what} 뒤에 빠진 것이 있습니다</translation>
    </message>
    <message>
        <source>Too many parentheses inside each other</source>
        <translation>괄호가 너무 많이 겹쳐 있습니다</translation>
    </message>
    <message>
        <source>{mistake} (character {place}). The last filter stays on.</source>
        <translation>{mistake} ({place}번째 글자). 이전 필터를 그대로 유지합니다.</translation>
    </message>
</context>
<context>
    <name>GroupStrip</name>
    <message>
        <source>z of every group in layer order; arrow keys move, Enter shows the layers</source>
        <translation>층 순서로 나타낸 그룹별 z. 화살표 키로 옮기고 Enter로 층을 봅니다</translation>
    </message>
    <message>
        <source>Layer of the candidate</source>
        <translation>후보의 층</translation>
    </message>
    <message>
        <source>one in a million</source>
        <translation>백만분의 일</translation>
    </message>
</context>
<context>
    <name>GroupsPane</name>
    <message>
        <source>● rejects independence   ○ does not   △ rank variant   × sign variant   grey: chance, −3 to 3</source>
        <translation>● 독립성 기각   ○ 기각하지 않음   △ 순위 변형   × 부호 변형   회색: 우연, −3 ~ 3</translation>
    </message>
    <message>
        <source>Show in Layers</source>
        <translation>층 탭에서 보기</translation>
    </message>
    <message>
        <source>Groups as a table; Enter shows the layers</source>
        <translation>그룹 표. Enter로 층을 봅니다</translation>
    </message>
    <message>
        <source>outside the layers</source>
        <translation>층 밖</translation>
    </message>
    <message>
        <source>layer {candidate} against {reference}</source>
        <translation>층 {candidate} 대 {reference}</translation>
    </message>
    <message>
        <source>{count} of {every} units nearest and in place</source>
        <translation>유닛 {every}개 중 {count}개가 가장 가깝고 자리도 같음</translation>
    </message>
</context>
<context>
    <name>InputsPanel</name>
    <message>
        <source>Drop a checkpoint here: a file or a folder</source>
        <translation>체크포인트 파일이나 폴더를
여기에 놓으십시오</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>후보</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
    <message>
        <source>Drop the models it may come from</source>
        <translation>출처일 수 있는 모델을
여기에 놓으십시오</translation>
    </message>
    <message>
        <source>{count} to compare with</source>
        <translation>비교 대상 {count}개</translation>
    </message>
    <message>
        <source>Screened against the library</source>
        <translation>라이브러리와 대조함</translation>
    </message>
    <message>
        <source>References</source>
        <translation>기준 모델</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>추가…</translation>
    </message>
    <message>
        <source>Filter tensors by name</source>
        <translation>텐서 이름으로 거르기</translation>
    </message>
    <message>
        <source>Tensors of the candidate</source>
        <translation>후보의 텐서</translation>
    </message>
    <message>
        <source>{count} parameters</source>
        <translation>파라미터 {count}</translation>
    </message>
</context>
<context>
    <name>JobPages</name>
    <message>
        <source>Messages</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>자세히</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Copy log</source>
        <translation>로그 복사</translation>
    </message>
</context>
<context>
    <name>JobsTable</name>
    <message>
        <source>Jobs</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
</context>
<context>
    <name>JournalControl</name>
    <message>
        <source>What was done of {name} will be gone.</source>
        <translation>{name}에서 완료된 부분이 사라집니다.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Find a key by a word</source>
        <translation>낱말로 단축키 찾기</translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation>단축키 바꾸기…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>No key has this word.</source>
        <translation>이 낱말이 든 단축키가 없습니다.</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>Filter by command or key</source>
        <translation>명령이나 키로 거르기</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>명령과 단축키</translation>
    </message>
    <message>
        <source>Press a new key for the selected command</source>
        <translation>선택한 명령의 새 키를 누르세요</translation>
    </message>
    <message>
        <source>Usual key</source>
        <translation>기본 키</translation>
    </message>
    <message>
        <source>All usual keys</source>
        <translation>모두 기본 키로</translation>
    </message>
    <message>
        <source>Click into the field and press the new key.</source>
        <translation>입력란을 누른 다음 새 키를 누르세요.</translation>
    </message>
    <message>
        <source>Take it from there</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <source>{key} already belongs to “{command}”.</source>
        <translation>{key}은(는) 이미 “{command}” 명령의 키입니다.</translation>
    </message>
</context>
<context>
    <name>LayerDiffView</name>
    <message>
        <source>What became of the layers</source>
        <translation>층이 어떻게 되었나</translation>
    </message>
    <message>
        <source>Alignment of the layers as a text diff</source>
        <translation>텍스트 비교처럼 나타낸 층의 정렬</translation>
    </message>
    <message>
        <source>{count} in order</source>
        <translation>순서대로 {count}</translation>
    </message>
    <message>
        <source>{count} missing</source>
        <translation>없음 {count}</translation>
    </message>
    <message>
        <source>{count} repeated</source>
        <translation>반복 {count}</translation>
    </message>
    <message>
        <source>{count} own</source>
        <translation>고유 {count}</translation>
    </message>
    <message>
        <source>{count} moved</source>
        <translation>이동 {count}</translation>
    </message>
</context>
<context>
    <name>LayersPage</name>
    <message>
        <source>Component</source>
        <translation>구성 요소</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>기준 모델</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>척도</translation>
    </message>
    <message>
        <source>The layer × layer heatmap appears here when a component has been compared.</source>
        <translation>구성 요소를 비교하면 층 × 층 히트맵이 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Layer by layer heatmap; arrow keys move the cell, Enter opens it</source>
        <translation>층별 히트맵. 화살표 키로 칸을 옮기고 Enter로 엽니다</translation>
    </message>
    <message>
        <source>Layer by layer table</source>
        <translation>층별 표</translation>
    </message>
    <message>
        <source>{measure} (below 0 as 0)</source>
        <translation>{measure} (0 미만은 0으로 표시)</translation>
    </message>
    <message>
        <source>{measure}, log scale (below 0 as 0, above 300 as 300)</source>
        <translation>{measure}, 로그 눈금 (0 미만은 0, 300 초과는 300으로 표시)</translation>
    </message>
    <message>
        <source>Layer of the candidate</source>
        <translation>후보의 층</translation>
    </message>
    <message>
        <source>Layer of the reference</source>
        <translation>기준 모델의 층</translation>
    </message>
    <message>
        <source>Best match</source>
        <translation>최고 일치</translation>
    </message>
    <message>
        <source>{component} against {reference}: {measure}, {role}</source>
        <translation>{component} 대 {reference}: {measure}, {role}</translation>
    </message>
    <message>
        <source>as is</source>
        <translation>그대로</translation>
    </message>
    <message>
        <source>no baseline: too few layers that do not correspond</source>
        <translation>기준선 없음: 대응하지 않는 층이 너무 적음</translation>
    </message>
    <message>
        <source>layers that do not correspond: {null}</source>
        <translation>대응하지 않는 층 {null}</translation>
    </message>
    <message>
        <source>candidate layer {row} × reference layer {column}</source>
        <translation>후보 층 {row} × 기준 모델 층 {column}</translation>
    </message>
    <message>
        <source>not computed</source>
        <translation>계산하지 않음</translation>
    </message>
    <message>
        <source>as is {value}</source>
        <translation>그대로 {value}</translation>
    </message>
    <message>
        <source>undone {value}</source>
        <translation>되돌림 {value}</translation>
    </message>
</context>
<context>
    <name>LeftBand</name>
    <message>
        <source>There is work that was not finished last time</source>
        <translation>지난번에 마치지 못한 작업이 있습니다</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>나중에</translation>
    </message>
    <message>
        <source>Ask again at the next start</source>
        <translation>다음에 시작할 때 다시 묻습니다</translation>
    </message>
    <message>
        <source>Older: {count}. They are shown as those above are dealt with.</source>
        <translation>더 오래된 작업 {count}건은 위의 작업을 처리하면 표시됩니다.</translation>
    </message>
</context>
<context>
    <name>LeftOutPane</name>
    <message>
        <source>What no test examined, and why</source>
        <translation>검정하지 않은 것과 그 이유</translation>
    </message>
</context>
<context>
    <name>LeftRow</name>
    <message>
        <source>Go on</source>
        <translation>이어서 진행</translation>
    </message>
    <message>
        <source>Open what was done</source>
        <translation>완료된 부분 열기</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>버리기</translation>
    </message>
    <message>
        <source>{name} against {references}</source>
        <translation>{name}, 기준 모델 {references}</translation>
    </message>
    <message>
        <source>compared, not saved</source>
        <translation>비교 완료, 저장하지 않음</translation>
    </message>
    <message>
        <source>not finished</source>
        <translation>끝나지 않음</translation>
    </message>
    <message>
        <source>{name} against the library {library}</source>
        <translation>{name}, 라이브러리 {library}</translation>
    </message>
    <message>
        <source>screened, not saved</source>
        <translation>대조 완료, 저장하지 않음</translation>
    </message>
    <message>
        <source>decisions that were not saved: {count}</source>
        <translation>저장하지 않은 판단 {count}건</translation>
    </message>
    <message>
        <source>begun {time}</source>
        <translation>시작 {time}</translation>
    </message>
    <message>
        <source>Screen again</source>
        <translation>다시 대조</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>다시 비교</translation>
    </message>
    <message>
        <source>No longer there: {paths}.</source>
        <translation>찾을 수 없음: {paths}.</translation>
    </message>
    <message>
        <source>It can be opened once that is back: Later keeps it until then.</source>
        <translation>원래 자리에 되돌려 놓으면 열 수 있습니다. ‘나중에’를 누르면 그때까지 보관합니다.</translation>
    </message>
    <message>
        <source>The decisions are kept and stay with the candidate.</source>
        <translation>판단은 보관되어 있으며 후보에 그대로 남습니다.</translation>
    </message>
</context>
<context>
    <name>LibraryControl</name>
    <message>
        <source>{name} has no signature: nobody answers for what is in it, and a wrong fingerprint gives a wrong finding. Import it all the same?</source>
        <translation>{name}에는 서명이 없습니다. 내용을 보증하는 사람이 없으며, 지문이 잘못되면 판정도 잘못됩니다. 그래도 가져올까요?</translation>
    </message>
    <message>
        <source>Import unsigned</source>
        <translation>서명 없이 가져오기</translation>
    </message>
    <message>
        <source>Do not import</source>
        <translation>가져오지 않기</translation>
    </message>
</context>
<context>
    <name>LibraryFolderPage</name>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
    <message>
        <source>Choose the folder of the reference library</source>
        <translation>기준 모델 라이브러리 폴더 선택</translation>
    </message>
    <message>
        <source>The fingerprints of your references. What was in the folder before stays there.</source>
        <translation>기준 모델의 지문을 보관하는 폴더입니다. 이전 폴더의 내용은 그대로 남습니다.</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>Reference library</source>
        <translation>기준 모델 라이브러리</translation>
    </message>
    <message>
        <source>Screen the candidate</source>
        <translation>후보 대조</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>추가…</translation>
    </message>
    <message>
        <source>Import pack…</source>
        <translation>팩 가져오기…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>내보내기…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Search name, publisher, licence, kind</source>
        <translation>이름, 배포 기관, 라이선스, 종류로 찾기</translation>
    </message>
    <message>
        <source>References of the library</source>
        <translation>라이브러리의 기준 모델</translation>
    </message>
    <message>
        <source>Details of the reference</source>
        <translation>기준 모델 상세 정보</translation>
    </message>
    <message>
        <source>Select a reference to read about it.</source>
        <translation>기준 모델을 선택하면 상세 정보가 나옵니다.</translation>
    </message>
    <message>
        <source>Progress of the library</source>
        <translation>라이브러리 작업 진행률</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>작업 중…</translation>
    </message>
    <message>
        <source>{shown} of {every}</source>
        <translation>{every}개 중 {shown}개</translation>
    </message>
    <message>
        <source>Drop checkpoints here to add them, or a pack (*.assaypack) to import it. Only a fingerprint of a few percent of the size is kept; the files stay where they are.</source>
        <translation>체크포인트를 여기에 놓으면 추가되고, 팩(*.assaypack)을 놓으면 가져옵니다. 크기의 몇 퍼센트에 불과한 지문만 보관하며, 파일은 원래 자리에 그대로 둡니다.</translation>
    </message>
    <message>
        <source>Looking into the library…</source>
        <translation>라이브러리를 읽는 중…</translation>
    </message>
</context>
<context>
    <name>LineageGraph</name>
    <message>
        <source>Lineage; arrow keys move between components, Enter goes through the relations of one</source>
        <translation>계보. 화살표 키로 구성 요소 사이를 옮기고 Enter로 그 관계를 차례로 봅니다</translation>
    </message>
</context>
<context>
    <name>LineagePage</name>
    <message>
        <source>Components</source>
        <translation>구성 요소</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>표</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>전체 보기</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>The same as tables that can be sorted</source>
        <translation>같은 내용을 정렬할 수 있는 표로 봅니다</translation>
    </message>
    <message>
        <source>Fit the whole picture into the window (Space); + and − zoom</source>
        <translation>그림 전체를 창에 맞춥니다(스페이스). +와 −로 확대·축소합니다</translation>
    </message>
    <message>
        <source>Components of the lineage</source>
        <translation>계보의 구성 요소</translation>
    </message>
    <message>
        <source>Relations of the lineage</source>
        <translation>계보의 관계</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Every pair of components is being tested: {done}. Esc stops it.</source>
        <translation>모든 구성 요소 쌍을 검정하는 중: {done}. Esc로 멈춥니다.</translation>
    </message>
    <message>
        <source>Which components of the library and the candidate share an origin appears here (Ctrl+G).</source>
        <translation>라이브러리와 후보의 구성 요소 중 기원이 같은 것이 여기에 표시됩니다(Ctrl+G).</translation>
    </message>
    <message>
        <source>Choose a box or a line to read what is known of it. Broken lines: relations beside the tree.</source>
        <translation>상자나 선을 고르면 알려진 내용이 여기에 나옵니다. 점선: 트리 밖의 관계.</translation>
    </message>
    <message>
        <source>shares an origin with {count} others here</source>
        <translation>여기서 다른 {count}개와 기원이 같음</translation>
    </message>
</context>
<context>
    <name>LineageTab</name>
    <message>
        <source>Lineage</source>
        <translation>계보</translation>
    </message>
    <message>
        <source>Export the lineage</source>
        <translation>계보 내보내기</translation>
    </message>
</context>
<context>
    <name>Linking</name>
    <message>
        <source>What is looked at</source>
        <translation>지금 보는 곳</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>준비됨</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>작업 중…</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Jobs and messages</source>
        <translation>작업과 메시지</translation>
    </message>
    <message>
        <source>What ran and how long, and what was told (Ctrl+J)</source>
        <translation>무엇이 얼마나 걸렸고 어떤 메시지가 있었는지 봅니다(Ctrl+J)</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>중지하는 중…</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Summary</source>
        <translation>요약</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Match table</source>
        <translation>대응표</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>텐서</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>증거</translation>
    </message>
    <message>
        <source>Screening</source>
        <translation>대조</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>라이브러리</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>보기 탭</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>최근 후보</translation>
    </message>
    <message>
        <source>Toolbar</source>
        <translation>도구 모음</translation>
    </message>
</context>
<context>
    <name>MatchPage</name>
    <message>
        <source>Filter by component, role or name</source>
        <translation>구성 요소, 역할, 이름으로 거르기</translation>
    </message>
    <message>
        <source>Compared tensor pairs</source>
        <translation>비교한 텐서 쌍</translation>
    </message>
    <message>
        <source>has this text anywhere in its names</source>
        <translation>이름 어디에든 이 글자가 있는 행</translation>
    </message>
    <message>
        <source>similar, but the tests see nothing</source>
        <translation>비슷하지만 검정에서는 아무것도 나오지 않은 행</translation>
    </message>
    <message>
        <source>derived, without attention</source>
        <translation>파생된 행, 어텐션 제외</translation>
    </message>
    <message>
        <source>these layers on either side</source>
        <translation>어느 쪽이든 이 층들</translation>
    </message>
    <message>
        <source>parentheses come first</source>
        <translation>괄호 안을 먼저 읽습니다</translation>
    </message>
    <message>
        <source>layers that stand in another place</source>
        <translation>층의 위치가 달라진 행</translation>
    </message>
    <message>
        <source>exactly this name</source>
        <translation>정확히 이 이름</translation>
    </message>
    <message>
        <source>large, of one type</source>
        <translation>크고 자료형이 같은 행</translation>
    </message>
    <message>
        <source>no test stands behind it</source>
        <translation>뒷받침하는 검정이 없는 행</translation>
    </message>
    <message>
        <source>all others</source>
        <translation>나머지 모두</translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation>행 복사</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Columns that are shown</source>
        <translation>표시할 열</translation>
    </message>
    <message>
        <source>{shown} of {every} rows</source>
        <translation>전체 {every}행 중 {shown}행</translation>
    </message>
</context>
<context>
    <name>MessageList</name>
    <message>
        <source>Messages</source>
        <translation>메시지</translation>
    </message>
</context>
<context>
    <name>Mosaic</name>
    <message>
        <source>{count} more, by falling z</source>
        <translation>그 밖의 {count}개, z가 큰 순서</translation>
    </message>
</context>
<context>
    <name>MosaicLegend</name>
    <message>
        <source>tested</source>
        <translation>검정함</translation>
    </message>
    <message>
        <source>nothing to compare</source>
        <translation>비교할 것 없음</translation>
    </message>
</context>
<context>
    <name>NotableWalk</name>
    <message>
        <source>{number} of {count}</source>
        <translation>{number}/{count}</translation>
    </message>
    <message>
        <source>No notable item follows.</source>
        <translation>다음에 볼 항목이 없습니다.</translation>
    </message>
    <message>
        <source>No notable item stands before.</source>
        <translation>이전에 볼 항목이 없습니다.</translation>
    </message>
</context>
<context>
    <name>NoticeFrame</name>
    <message>
        <source>Dismiss</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>NoticeStrip</name>
    <message>
        <source>{count} more in Messages</source>
        <translation>메시지에 {count}개 더 있음</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>메시지</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Saved {name}</source>
        <translation>{name} 저장됨</translation>
    </message>
    <message>
        <source>Removed {name} from the library</source>
        <translation>{name}을(를) 라이브러리에서 제거했습니다</translation>
    </message>
    <message>
        <source>Removed {count} references from the library</source>
        <translation>기준 모델 {count}개를 라이브러리에서 제거했습니다</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Done: {work}</source>
        <translation>완료: {work}</translation>
    </message>
    <message>
        <source>{component}: {verdict}, from {reference}</source>
        <translation>{component}: {verdict}, 출처 {reference}</translation>
    </message>
    <message>
        <source>{count} components in all</source>
        <translation>모두 구성 요소 {count}개</translation>
    </message>
</context>
<context>
    <name>NullPlot</name>
    <message>
        <source>{observed}, off this scale</source>
        <translation>{observed}, 눈금 밖</translation>
    </message>
    <message>
        <source>z in standard deviations of the null</source>
        <translation>z (귀무분포의 표준편차 단위)</translation>
    </message>
    <message>
        <source>Null of the test</source>
        <translation>검정의 귀무분포</translation>
    </message>
    <message>
        <source>This test counts; it has no curve of shuffled values. Its baseline stands beside it.</source>
        <translation>개수를 세는 검정이라 섞은 값의 곡선이 없습니다. 기준값은 옆에 있습니다.</translation>
    </message>
    <message>
        <source>This test was not run here.</source>
        <translation>여기서는 이 검정을 하지 않았습니다.</translation>
    </message>
    <message>
        <source>largest control {z}</source>
        <translation>최대 대조 {z}</translation>
    </message>
    <message>
        <source>observed z {z}</source>
        <translation>관측 z {z}</translation>
    </message>
</context>
<context>
    <name>OverviewStrip</name>
    <message>
        <source>block {number}</source>
        <translation>블록 {number}</translation>
    </message>
    <message>
        <source>not compared</source>
        <translation>비교하지 않음</translation>
    </message>
    <message>
        <source>Overview of the blocks; arrow keys move, Enter goes there in the tree</source>
        <translation>블록 개요. 화살표 키로 옮기고 Enter로 트리의 그 자리로 갑니다</translation>
    </message>
    <message>
        <source>whole width: {what}</source>
        <translation>전체 너비: {what}</translation>
    </message>
    <message>
        <source>most of it: {what}</source>
        <translation>너비의 3분의 2 남짓: {what}</translation>
    </message>
    <message>
        <source>left half: {what}</source>
        <translation>왼쪽 절반: {what}</translation>
    </message>
    <message>
        <source>right half: a block that moved or repeats another</source>
        <translation>오른쪽 절반: 자리를 옮겼거나 다른 블록을 반복하는 블록</translation>
    </message>
    <message>
        <source>middle: {what}</source>
        <translation>가운데: {what}</translation>
    </message>
    <message>
        <source>a short mark at the left: {what}</source>
        <translation>왼쪽의 짧은 표시: {what}</translation>
    </message>
    <message>
        <source>hatched: not compared</source>
        <translation>빗금: 비교하지 않음</translation>
    </message>
</context>
<context>
    <name>PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>환경설정</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>항목</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>모양</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>엔진</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>라이브러리</translation>
    </message>
    <message>
        <source>Analyst</source>
        <translation>분석자</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>기본값으로</translation>
    </message>
    <message>
        <source>Brings back the defaults of this section</source>
        <translation>이 항목의 기본값으로 되돌립니다</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>Proofs</name>
    <message>
        <source>What is verified is the review&apos;s file. Save {name} first?</source>
        <translation>검증하는 것은 검토 파일입니다. 먼저 {name}을(를) 저장할까요?</translation>
    </message>
    <message>
        <source>Save and verify</source>
        <translation>저장하고 검증</translation>
    </message>
    <message>
        <source>What is signed is the review&apos;s file. Save {name} first?</source>
        <translation>서명하는 것은 검토 파일입니다. 먼저 {name}을(를) 저장할까요?</translation>
    </message>
    <message>
        <source>Save and sign</source>
        <translation>저장하고 서명</translation>
    </message>
    <message>
        <source>{signature}; what was changed since is not saved</source>
        <translation>{signature}. 그 뒤 바뀐 내용은 저장되지 않았습니다</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>검토 파일</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>서명</translation>
    </message>
</context>
<context>
    <name>PropertiesPanel</name>
    <message>
        <source>Properties</source>
        <translation>속성</translation>
    </message>
    <message>
        <source>Select a component, a tensor or a pair to read about it.</source>
        <translation>구성 요소, 텐서, 텐서 쌍을 선택하면 내용을 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>후보</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>형식</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>텐서</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>파라미터</translation>
    </message>
    <message>
        <source>{count} files in all</source>
        <translation>모두 파일 {count}개</translation>
    </message>
    <message>
        <source>Candidate tensor</source>
        <translation>후보 텐서</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>기준 모델</translation>
    </message>
    <message>
        <source>Reference tensor</source>
        <translation>기준 텐서</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Elements compared</source>
        <translation>비교한 원소</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>텐서</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>구성 요소</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>블록</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>형상</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>자료형</translation>
    </message>
    <message>
        <source>Left out of the comparison</source>
        <translation>비교에서 제외</translation>
    </message>
    <message>
        <source>Block {number}</source>
        <translation>블록 {number}</translation>
    </message>
    <message>
        <source>Name in the file</source>
        <translation>파일 안의 이름</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>계열</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>블록</translation>
    </message>
    <message>
        <source>Hidden size</source>
        <translation>은닉 크기</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>구조</translation>
    </message>
    <message>
        <source>Others of the same shape</source>
        <translation>모양이 같은 다른 모델</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>이유</translation>
    </message>
    <message>
        <source>Seen through by</source>
        <translation>위장을 밝힌 검정</translation>
    </message>
    <message>
        <source>Permutation z</source>
        <translation>순열 z</translation>
    </message>
    <message>
        <source>Bound on p</source>
        <translation>p의 상한</translation>
    </message>
    <message>
        <source>Detection limit</source>
        <translation>검출 한계</translation>
    </message>
    <message>
        <source>Inherited</source>
        <translation>상속</translation>
    </message>
    <message>
        <source>Examined by a test</source>
        <translation>검정한 범위</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>가중치의 변화</translation>
    </message>
    <message>
        <source>Best reference</source>
        <translation>가장 비슷한 기준 모델</translation>
    </message>
    <message>
        <source>Pairs compared</source>
        <translation>비교한 쌍</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>비교 범위</translation>
    </message>
    <message>
        <source>shuffled {null}</source>
        <translation>섞었을 때 {null}</translation>
    </message>
    <message>
        <source>{count} tensors</source>
        <translation>텐서 {count}개</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변화</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>확신도</translation>
    </message>
    <message>
        <source>How matched</source>
        <translation>짝지은 방법</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>이유</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>Layer of the reference</source>
        <translation>기준 모델의 층</translation>
    </message>
</context>
<context>
    <name>RecentList</name>
    <message>
        <source>Opened before</source>
        <translation>최근에 연 후보</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>{name} and {count} references</source>
        <translation>{name}, 기준 모델 {count}개</translation>
    </message>
    <message>
        <source>{name} against {reference}</source>
        <translation>{name}, 기준 모델 {reference}</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>Export report</source>
        <translation>보고서 내보내기</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>형식</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>PDF, pages to print and sign</source>
        <translation>PDF(인쇄하고 서명할 문서)</translation>
    </message>
    <message>
        <source>HTML, one page for a browser</source>
        <translation>HTML(브라우저로 보는 한 페이지)</translation>
    </message>
    <message>
        <source>JSON, for programs</source>
        <translation>JSON(프로그램용)</translation>
    </message>
    <message>
        <source>CSV, every table whole</source>
        <translation>CSV(모든 표 전체)</translation>
    </message>
    <message>
        <source>Korean, then English</source>
        <translation>한국어와 영어</translation>
    </message>
    <message>
        <source>Choose where…</source>
        <translation>저장 위치 선택…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Stops what is being made; nothing is written</source>
        <translation>보고서 만들기를 멈춥니다. 아무것도 저장하지 않습니다</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>A4, with the findings, the evidence, the audit and your decisions.</source>
        <translation>A4 문서에 판정과 증거, 독자성 점검표, 분석자의 판단을 담습니다.</translation>
    </message>
    <message>
        <source>The same contents as the PDF in one file; nothing is fetched, and it needs no script.</source>
        <translation>PDF와 같은 내용을 파일 하나에 담습니다. 외부에서 불러오는 것이 없고 스크립트도 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>The machine&apos;s results alone, as assayer compare writes them; decisions are in the CSV.</source>
        <translation>assayer compare 명령과 같은 기계 판정 결과만 담습니다. 분석자의 판단은 CSV에 있습니다.</translation>
    </message>
    <message>
        <source>A new folder of tables: tensors, pairs, tests, layers, what was left out, files, decisions.</source>
        <translation>새 폴더에 텐서, 쌍, 검정, 층, 제외한 항목, 파일, 판단을 표로 저장합니다.</translation>
    </message>
    <message>
        <source>This format has no language.</source>
        <translation>이 형식은 언어와 관계없습니다.</translation>
    </message>
    <message>
        <source>The report names the SHA-256 of the saved review.</source>
        <translation>저장된 검토 파일의 SHA-256이 보고서에 적힙니다.</translation>
    </message>
    <message>
        <source>Save the review first, and the report names its SHA-256.</source>
        <translation>검토를 먼저 저장하면 그 SHA-256이 보고서에 적힙니다.</translation>
    </message>
</context>
<context>
    <name>ReportExport</name>
    <message>
        <source>The folder that the tables&apos; folder is made in</source>
        <translation>표 폴더를 만들 위치</translation>
    </message>
    <message>
        <source>Export the report</source>
        <translation>보고서 내보내기</translation>
    </message>
    <message>
        <source>Making the report…</source>
        <translation>보고서를 만들고 있습니다…</translation>
    </message>
    <message>
        <source>Laying out the pages…</source>
        <translation>페이지를 배치하고 있습니다…</translation>
    </message>
    <message>
        <source>no folder can be made there</source>
        <translation>그곳에 폴더를 만들 수 없습니다</translation>
    </message>
</context>
<context>
    <name>ReviewControl</name>
    <message>
        <source>{name}[*] — Assayer</source>
        <translation>{name}[*] — Assayer</translation>
    </message>
    <message>
        <source>Assayer</source>
        <translation>Assayer</translation>
    </message>
    <message>
        <source>Open a review</source>
        <translation>검토 파일 열기</translation>
    </message>
    <message>
        <source>Save the review</source>
        <translation>검토 파일 저장</translation>
    </message>
    <message>
        <source>The decisions on {name} are not saved.</source>
        <translation>{name}에 대한 판단이 저장되지 않았습니다.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>저장 안 함</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Reviews</source>
        <translation>검토 파일</translation>
    </message>
</context>
<context>
    <name>SafetyBand</name>
    <message>
        <source>Safety: {counts}</source>
        <translation>안전 점검: {counts}</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>접기</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>모두 보기</translation>
    </message>
    <message>
        <source>{count} more are in the messages below.</source>
        <translation>나머지 {count}개는 아래 메시지에 있습니다.</translation>
    </message>
    <message>
        <source>1 danger</source>
        <translation>위험 1건</translation>
    </message>
    <message>
        <source>{count} dangers</source>
        <translation>위험 {count}건</translation>
    </message>
    <message>
        <source>1 notice</source>
        <translation>주의 1건</translation>
    </message>
    <message>
        <source>{count} notices</source>
        <translation>주의 {count}건</translation>
    </message>
</context>
<context>
    <name>ScreeningPage</name>
    <message>
        <source>Screening holds the candidate against every reference of the library at once. Open a candidate, then screen it; the mosaic of its components and all references appears here.</source>
        <translation>대조는 후보를 라이브러리의 모든 기준 모델과 한꺼번에 비교합니다. 후보를 열고 대조를 실행하면 구성 요소와 모든 기준 모델의 모자이크가 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Screen the candidate</source>
        <translation>후보 대조</translation>
    </message>
    <message>
        <source>Filter by component, reference or verdict</source>
        <translation>구성 요소, 기준 모델, 판정으로 거르기</translation>
    </message>
    <message>
        <source>Components by references; arrow keys move the cell, Enter opens what is behind it</source>
        <translation>구성 요소와 기준 모델의 모자이크. 화살표로 칸을 옮기고 Enter로 해당 결과를 엽니다</translation>
    </message>
    <message>
        <source>Components by references as a table</source>
        <translation>구성 요소와 기준 모델의 표</translation>
    </message>
    <message>
        <source>{shown} of {every} rows</source>
        <translation>{every}행 중 {shown}행</translation>
    </message>
    <message>
        <source>nothing to compare</source>
        <translation>비교할 것 없음</translation>
    </message>
    <message>
        <source>not tested: it does not stand out</source>
        <translation>두드러지지 않아 검정하지 않음</translation>
    </message>
    <message>
        <source>matched {share}</source>
        <translation>일치 {share}</translation>
    </message>
    <message>
        <source>best layer z {z}</source>
        <translation>층별 최고 z {z}</translation>
    </message>
</context>
<context>
    <name>SealBand</name>
    <message>
        <source>{name} cannot be relied on: it is not what was saved or signed.</source>
        <translation>{name}을(를) 믿을 수 없습니다. 저장하거나 서명한 그대로가 아닙니다.</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>검증…</translation>
    </message>
    <message>
        <source>Sign…</source>
        <translation>서명…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>{name} cannot be relied on: it was opened from a file that is not what was saved or signed.</source>
        <translation>{name}을(를) 믿을 수 없습니다. 저장하거나 서명한 그대로가 아닌 파일에서 열었습니다.</translation>
    </message>
    <message>
        <source>The signature of {name} is of an earlier state of this review; sign it again.</source>
        <translation>{name}의 서명은 이 검토의 이전 상태에 대한 것입니다. 다시 서명하십시오.</translation>
    </message>
    <message>
        <source>{name} is as it was saved here, but the signature beside it is of another file.</source>
        <translation>{name}은(는) 여기에서 저장한 그대로이지만, 옆에 있는 서명은 다른 파일에 대한 것입니다.</translation>
    </message>
    <message>
        <source>{name} is as it was saved here, but the checksum beside it is of another file.</source>
        <translation>{name}은(는) 여기에서 저장한 그대로이지만, 옆에 있는 체크섬은 다른 파일에 대한 것입니다.</translation>
    </message>
    <message>
        <source>You saved it after it was signed; the signature does not hold for what it is now.</source>
        <translation>서명한 뒤에 저장했으므로 이 서명은 지금의 내용을 보증하지 않습니다.</translation>
    </message>
    <message>
        <source>What it was made for is not known here. Sign the review again, or remove {file}.</source>
        <translation>무엇에 대한 서명인지 여기에서는 알 수 없습니다. 검토 파일에 다시 서명하거나 {file}을(를) 지우십시오.</translation>
    </message>
</context>
<context>
    <name>Signer</name>
    <message>
        <source>Your private key</source>
        <translation>개인 키</translation>
    </message>
    <message>
        <source>Where the new private key goes</source>
        <translation>새 개인 키를 저장할 위치</translation>
    </message>
</context>
<context>
    <name>SigningDialog</name>
    <message>
        <source>Sign the review</source>
        <translation>검토 파일 서명</translation>
    </message>
    <message>
        <source>Sign with a key</source>
        <translation>키로 서명</translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation>키 만들기</translation>
    </message>
    <message>
        <source>{name} stays as it is; the signature goes beside it as {name}.sig. It shows whoever has your public key that the review is yours and was not changed.</source>
        <translation>{name}은(는) 그대로 두고, 서명을 그 옆에 {name}.sig로 저장합니다. 공개 키를 가진 사람은 이 검토가 서명자의 것이며 변경되지 않았음을 확인할 수 있습니다.</translation>
    </message>
    <message>
        <source>Private key</source>
        <translation>개인 키</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>암호</translation>
    </message>
    <message>
        <source>New file</source>
        <translation>새 파일</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>암호 다시 입력</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>선택…</translation>
    </message>
    <message>
        <source>Choose the private key</source>
        <translation>개인 키 선택</translation>
    </message>
    <message>
        <source>Choose where the new key goes</source>
        <translation>새 키를 저장할 위치 선택</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>서명</translation>
    </message>
    <message>
        <source>Make the key</source>
        <translation>키 만들기</translation>
    </message>
    <message>
        <source>A key that has no passphrase is used without one.</source>
        <translation>키에 암호가 없으면 비워 두십시오.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>At least {count} characters. It is kept nowhere: without it the key is lost.</source>
        <translation>{count}자 이상이어야 합니다. 어디에도 저장되지 않으므로 잊어버리면 키를 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>The two passphrases are not the same yet.</source>
        <translation>두 암호가 아직 같지 않습니다.</translation>
    </message>
    <message>
        <source>Only you may read the file. Keep it, and give others the .pub file beside it.</source>
        <translation>이 파일은 본인만 읽을 수 있습니다. 잘 보관하고, 다른 사람에게는 옆의 .pub 파일을 전달하십시오.</translation>
    </message>
    <message>
        <source>The engine is at work…</source>
        <translation>엔진이 작업하고 있습니다…</translation>
    </message>
    <message>
        <source>This key has a passphrase: type it above.</source>
        <translation>암호가 걸린 키입니다. 위에 암호를 입력하십시오.</translation>
    </message>
    <message>
        <source>This file is no private key; choose another, or make one.</source>
        <translation>개인 키 파일이 아닙니다. 다른 파일을 선택하거나 키를 만드십시오.</translation>
    </message>
    <message>
        <source>There is a key already, and it is not written over; choose a new file.</source>
        <translation>이미 키가 있으며 덮어쓰지 않습니다. 새 파일을 선택하십시오.</translation>
    </message>
</context>
<context>
    <name>SummaryPage</name>
    <message>
        <source>Reading the headers…</source>
        <translation>헤더 읽는 중…</translation>
    </message>
    <message>
        <source>{count} files</source>
        <translation>파일 {count}개</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>파일 1개</translation>
    </message>
    <message>
        <source>{count} tensors</source>
        <translation>텐서 {count}개</translation>
    </message>
    <message>
        <source>{count} parameters</source>
        <translation>파라미터 {count}</translation>
    </message>
    <message>
        <source>{count} more are in the messages below.</source>
        <translation>나머지 {count}개는 아래 메시지에 있습니다.</translation>
    </message>
    <message>
        <source>Incomplete: {done} of {count} components were compared before it stopped.</source>
        <translation>불완전: 멈추기 전까지 구성 요소 {count}개 중 {done}개를 비교했습니다.</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>이어서 진행</translation>
    </message>
</context>
<context>
    <name>TensorFigures</name>
    <message>
        <source>shuffled {null}</source>
        <translation>섞었을 때 {null}</translation>
    </message>
    <message>
        <source>{count} weights</source>
        <translation>가중치 {count}개</translation>
    </message>
    <message>
        <source>Compared</source>
        <translation>비교한 크기</translation>
    </message>
    <message>
        <source>Types A, B</source>
        <translation>자료형 A, B</translation>
    </message>
    <message>
        <source>Left out A, B</source>
        <translation>제외 A, B</translation>
    </message>
    <message>
        <source>no finite value</source>
        <translation>유한한 값 없음</translation>
    </message>
    <message>
        <source>sd {spreads}</source>
        <translation>표준편차 {spreads}</translation>
    </message>
</context>
<context>
    <name>TensorHead</name>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>A  candidate</source>
        <translation>A  후보</translation>
    </message>
    <message>
        <source>A  candidate, undone</source>
        <translation>A  후보, 되돌림</translation>
    </message>
    <message>
        <source>B  {reference}</source>
        <translation>B  {reference}</translation>
    </message>
    <message>
        <source>layer {number}</source>
        <translation>층 {number}</translation>
    </message>
    <message>
        <source>outside the layers</source>
        <translation>층 밖</translation>
    </message>
</context>
<context>
    <name>TensorPage</name>
    <message>
        <source>A: candidate</source>
        <translation>A: 후보</translation>
    </message>
    <message>
        <source>B: reference</source>
        <translation>B: 기준 모델</translation>
    </message>
    <message>
        <source>A − B</source>
        <translation>A − B</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>행</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Candidate, reference and difference; arrow keys move, plus and minus zoom, Space shows all</source>
        <translation>후보, 기준 모델, 차이. 화살표 키로 이동, +와 −로 확대·축소, 스페이스로 전체 보기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>A: candidate, undone</source>
        <translation>A: 후보, 되돌림</translation>
    </message>
    <message>
        <source>Click a cell of the heatmap or double-click a row of the match table: its two tensors appear here.</source>
        <translation>히트맵의 칸을 클릭하거나 대응표의 행을 두 번 클릭하면 두 텐서가 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Reading the two tensors… Esc cancels.</source>
        <translation>두 텐서를 읽는 중입니다… Esc로 취소합니다.</translation>
    </message>
    <message>
        <source>Cancelled. Choose a cell or a row to read again.</source>
        <translation>취소했습니다. 다시 읽으려면 칸이나 행을 선택하십시오.</translation>
    </message>
    <message>
        <source>These two layers have no pair of tensors to show; choose another cell.</source>
        <translation>이 두 층에는 보여 줄 텐서 쌍이 없습니다. 다른 칸을 선택하십시오.</translation>
    </message>
    <message>
        <source>Largest magnitude of each cell, 1 cell = {rows} × {columns} weights</source>
        <translation>칸마다 절댓값이 가장 큰 값, 1칸 = 가중치 {rows} × {columns}개</translation>
    </message>
    <message>
        <source>colours to ±{level} (mean + 4 sd)</source>
        <translation>색 범위 ±{level} (평균 + 표준편차 4배)</translation>
    </message>
    <message>
        <source>hatched: not finite</source>
        <translation>빗금: 유한하지 않음</translation>
    </message>
    <message>
        <source>hatched: no partner</source>
        <translation>빗금: 짝 없음</translation>
    </message>
    <message>
        <source>Wheel zooms, drag moves, double click or Space shows all</source>
        <translation>휠로 확대·축소, 끌어서 이동, 두 번 클릭하거나 스페이스를 누르면 전체 보기</translation>
    </message>
    <message>
        <source>Row {row}, column {column}</source>
        <translation>행 {row}, 열 {column}</translation>
    </message>
    <message>
        <source>Values of</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Values of what the pictures show</source>
        <translation>그림에 보이는 부분의 값</translation>
    </message>
    <message>
        <source>Arrow keys move; the table shows what is in sight in the pictures</source>
        <translation>방향키로 이동합니다. 표는 그림에 보이는 부분을 보여 줍니다</translation>
    </message>
</context>
<context>
    <name>TensorPlots</name>
    <message>
        <source>Values</source>
        <translation>값 분포</translation>
    </message>
    <message>
        <source>Cosine of each row</source>
        <translation>행별 코사인</translation>
    </message>
    <message>
        <source>Singular values (log)</source>
        <translation>특잇값 (로그)</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>가중치</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>순번</translation>
    </message>
    <message>
        <source>Row · band: shuffled</source>
        <translation>행 · 띠: 섞었을 때</translation>
    </message>
    <message>
        <source>Histogram, singular values and similarity of each row</source>
        <translation>히스토그램, 특잇값, 행별 유사도</translation>
    </message>
    <message>
        <source>Singular values: not computed</source>
        <translation>특잇값: 계산하지 않음</translation>
    </message>
    <message>
        <source>No row has a cosine: values are zero or not finite</source>
        <translation>코사인이 있는 행이 없음: 값이 0이거나 유한하지 않음</translation>
    </message>
</context>
<context>
    <name>TestsPane</name>
    <message>
        <source>Tests; arrow keys choose one, its null is drawn below</source>
        <translation>검정 목록. 화살표 키로 고르면 아래에 귀무분포를 그립니다</translation>
    </message>
    <message>
        <source>Numbers of the selected test</source>
        <translation>선택한 검정의 수치</translation>
    </message>
    <message>
        <source>{test}: what shuffled units give</source>
        <translation>{test}: 유닛을 섞었을 때의 분포</translation>
    </message>
    <message>
        <source>Rejects independence</source>
        <translation>독립성 기각</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>Bound on p</source>
        <translation>p의 상한</translation>
    </message>
    <message>
        <source>log10 p from z (a description, not a bound)</source>
        <translation>z에서 구한 log10 p (참고값, 상한 아님)</translation>
    </message>
    <message>
        <source>log10 p counted in shuffles (a description)</source>
        <translation>섞어서 센 log10 p (참고값)</translation>
    </message>
    <message>
        <source>Shuffled units give</source>
        <translation>유닛을 섞었을 때</translation>
    </message>
    <message>
        <source>Controls</source>
        <translation>대조</translation>
    </message>
    <message>
        <source>{units} units in {groups} groups</source>
        <translation>그룹 {groups}개의 유닛 {units}개</translation>
    </message>
    <message>
        <source>Examined</source>
        <translation>조사 범위</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>참고</translation>
    </message>
</context>
<context>
    <name>Thumbnail</name>
    <message>
        <source>disguise undone</source>
        <translation>위장을 되돌림</translation>
    </message>
</context>
<context>
    <name>UndoneSwitch</name>
    <message>
        <source>As is</source>
        <translation>그대로</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>되돌림</translation>
    </message>
    <message>
        <source>The candidate&apos;s weights as they are stored.</source>
        <translation>후보의 가중치를 저장된 그대로 보여 줍니다.</translation>
    </message>
    <message>
        <source>The candidate&apos;s weights after what disguises them was undone: in the reference&apos;s order and axes.</source>
        <translation>위장을 되돌린 뒤의 후보 가중치를 기준 모델의 순서와 축으로 보여 줍니다.</translation>
    </message>
    <message>
        <source>Disguise: as is or undone</source>
        <translation>위장: 그대로 또는 되돌림</translation>
    </message>
</context>
<context>
    <name>UnitsPane</name>
    <message>
        <source>Copy the unit list</source>
        <translation>유닛 목록 복사</translation>
    </message>
    <message>
        <source>Inherited units by group</source>
        <translation>그룹별 상속된 유닛</translation>
    </message>
    <message>
        <source>No unit stands where the reference has it more often than chance.</source>
        <translation>우연을 넘어 기준 모델과 같은 자리에 있는 유닛이 없습니다.</translation>
    </message>
    <message>
        <source>{count} units match the unit of the same number in the reference; at most 1 % of them by chance.</source>
        <translation>유닛 {count}개가 기준 모델의 같은 번호 유닛과 일치합니다. 그중 우연은 많아야 1 %입니다.</translation>
    </message>
</context>
<context>
    <name>VerdictsDialog</name>
    <message>
        <source>What the verdicts mean</source>
        <translation>판정의 뜻</translation>
    </message>
    <message>
        <source>Each component gets one of five answers, and the tests behind it are shown.</source>
        <translation>구성 요소마다 다섯 가지 답 가운데 하나가 나오며, 그 근거가 된 검정도 함께 보여 줍니다.</translation>
    </message>
    <message>
        <source>A high cosine alone proves nothing: read it beside its shuffled baseline. No verdict says who copied from whom, only whether two sets of weights depend on each other.</source>
        <translation>코사인이 높다는 것만으로는 아무것도 증명되지 않습니다. 섞었을 때의 값과 나란히 읽으십시오. 어떤 판정도 누가 누구의 것을 베꼈는지는 말하지 않으며, 두 가중치가 서로 의존하는지만 말합니다.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>VerificationPage</name>
    <message>
        <source>Seal and signature</source>
        <translation>봉인과 서명</translation>
    </message>
    <message>
        <source>Reads the review&apos;s file alone</source>
        <translation>검토 파일만 읽습니다</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>Compares the SHA-256 of every input&apos;s files too</source>
        <translation>모든 입력 파일의 SHA-256도 대조합니다</translation>
    </message>
    <message>
        <source>Recompute a sample</source>
        <translation>일부 다시 계산</translation>
    </message>
    <message>
        <source>Computes some tensor pairs again from the inputs</source>
        <translation>입력에서 텐서 쌍 일부를 다시 계산합니다</translation>
    </message>
    <message>
        <source>Recompute everything</source>
        <translation>모두 다시 계산</translation>
    </message>
    <message>
        <source>Compares again and holds every value against it</source>
        <translation>처음부터 다시 비교해 모든 값을 대조합니다</translation>
    </message>
    <message>
        <source>Inputs are elsewhere…</source>
        <translation>입력이 다른 곳에 있음…</translation>
    </message>
    <message>
        <source>Choose the folder that holds them now</source>
        <translation>지금 입력이 있는 폴더를 선택합니다</translation>
    </message>
    <message>
        <source>Sign…</source>
        <translation>서명…</translation>
    </message>
    <message>
        <source>Signs the review&apos;s file with your key</source>
        <translation>자신의 키로 검토 파일에 서명합니다</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Stops the checks (Esc)</source>
        <translation>확인을 멈춥니다(Esc)</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>모두 복사</translation>
    </message>
    <message>
        <source>Copies every check and every value that differs</source>
        <translation>모든 확인 항목과 일치하지 않는 값을 복사합니다</translation>
    </message>
    <message>
        <source>Values that differ</source>
        <translation>일치하지 않는 값</translation>
    </message>
    <message>
        <source>The inputs are looked for where the review says that they lie.</source>
        <translation>입력은 검토 파일에 적힌 위치에서 찾습니다.</translation>
    </message>
    <message>
        <source>The inputs are looked for in {folder}.</source>
        <translation>입력은 {folder}에서 찾습니다.</translation>
    </message>
    <message>
        <source>{count} values differ; {shown} are listed.</source>
        <translation>값 {count}개가 다르며 {shown}개를 표시합니다.</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>확인하는 중…</translation>
    </message>
    <message>
        <source>These checks are of {name} as it was before it was saved or signed; verify again.</source>
        <translation>저장하거나 서명하기 전의 {name}을(를) 확인한 결과입니다. 다시 검증하십시오.</translation>
    </message>
    <message>
        <source>Nothing was checked yet.</source>
        <translation>아직 확인하지 않았습니다.</translation>
    </message>
</context>
<context>
    <name>VerifyTab</name>
    <message>
        <source>The folder that holds the inputs</source>
        <translation>입력이 있는 폴더</translation>
    </message>
    <message>
        <source>Verification</source>
        <translation>검증</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Where do this model&apos;s weights come from?</source>
        <translation>이 모델의 가중치는 어디에서 왔습니까?</translation>
    </message>
    <message>
        <source>Assayer compares every component of a checkpoint with models you know.</source>
        <translation>Assayer는 체크포인트의 모든 구성 요소를 알려진 모델과 비교합니다.</translation>
    </message>
    <message>
        <source>Drop the candidate into its box</source>
        <translation>후보를 후보 상자에 놓으십시오</translation>
    </message>
    <message>
        <source>A file, or a folder with all its parts. Anywhere in the left half will do.</source>
        <translation>파일이나 전체 폴더를 놓습니다. 창의 왼쪽 절반 어디든 됩니다.</translation>
    </message>
    <message>
        <source>Drop references into theirs</source>
        <translation>기준 모델을 아래 상자에 놓으십시오</translation>
    </message>
    <message>
        <source>The models it may come from. Anywhere in the right half will do; work starts by itself.</source>
        <translation>출처일 수 있는 모델입니다. 오른쪽 절반 어디든 되고, 작업은 바로 시작됩니다.</translation>
    </message>
    <message>
        <source>Read the cards, then the heatmap</source>
        <translation>카드를 보고 히트맵을 확인하십시오</translation>
    </message>
    <message>
        <source>A bright diagonal means that the layers correspond one to one.</source>
        <translation>밝은 대각선은 층이 일대일로 대응한다는 뜻입니다.</translation>
    </message>
    <message>
        <source>Open candidate…</source>
        <translation>후보 열기…</translation>
    </message>
    <message>
        <source>Add reference…</source>
        <translation>기준 모델 추가…</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>예제 열기</translation>
    </message>
    <message>
        <source>Everything stays on this machine. No network is used, and your files are only read.</source>
        <translation>모든 작업은 이 컴퓨터 안에서만 이루어지며, 네트워크를 쓰지 않고 파일은 읽기만 합니다.</translation>
    </message>
    <message>
        <source>The sample is a small model that took a vision encoder and fine-tuned it, and copied an audio encoder: one card says derived, one identical, and what cannot be told is said to be so.</source>
        <translation>예제는 비전 인코더를 가져와 미세 조정하고 오디오 인코더를 그대로 복사한 작은 모델입니다. 카드 하나는 파생, 하나는 동일로 나오고, 알 수 없는 것은 알 수 없다고 나옵니다.</translation>
    </message>
    <message>
        <source>New here? See on the sample how a finding is read.</source>
        <translation>처음이십니까? 결과를 읽는 법을 예제로 살펴보십시오.</translation>
    </message>
    <message>
        <source>Take the two-minute look</source>
        <translation>2분 둘러보기</translation>
    </message>
    <message>
        <source>No, thank you</source>
        <translation>괜찮습니다</translation>
    </message>
    <message>
        <source>What the verdicts mean</source>
        <translation>판정의 뜻</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>&amp;File</source>
        <translation>파일(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>보기(&amp;V)</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>화면 밝기</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation>라이브러리(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Work</source>
        <translation>작업(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>도움말(&amp;H)</translation>
    </message>
    <message>
        <source>Open candidate file…</source>
        <translation>후보 파일 열기…</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Open candidate folder…</source>
        <translation>후보 폴더 열기…</translation>
    </message>
    <message>
        <source>Add reference files…</source>
        <translation>기준 모델 파일 추가…</translation>
    </message>
    <message>
        <source>Add reference</source>
        <translation>기준 모델 추가</translation>
    </message>
    <message>
        <source>Add reference folder…</source>
        <translation>기준 모델 폴더 추가…</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>예제 열기</translation>
    </message>
    <message>
        <source>Export heatmap as picture…</source>
        <translation>히트맵을 그림으로 내보내기…</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Export heatmap as CSV…</source>
        <translation>히트맵을 CSV로 내보내기…</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>Clear recent</source>
        <translation>최근 목록 지우기</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>환경설정…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>끝내기</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Heatmap as table</source>
        <translation>히트맵을 표로</translation>
    </message>
    <message>
        <source>Undo the disguise</source>
        <translation>위장 되돌리기</translation>
    </message>
    <message>
        <source>Show the evidence</source>
        <translation>증거 보기</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>다음 영역</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>시스템 설정</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Rescan</source>
        <translation>다시 검사</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>All commands…</source>
        <translation>모든 명령…</translation>
    </message>
    <message>
        <source>Keys…</source>
        <translation>단축키…</translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation>단축키 바꾸기…</translation>
    </message>
    <message>
        <source>Screen the candidate against the library</source>
        <translation>후보를 라이브러리와 대조</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>대조</translation>
    </message>
    <message>
        <source>Show the library</source>
        <translation>라이브러리 보기</translation>
    </message>
    <message>
        <source>Show the mosaic</source>
        <translation>모자이크 보기</translation>
    </message>
    <message>
        <source>Add files to the library…</source>
        <translation>라이브러리에 파일 추가…</translation>
    </message>
    <message>
        <source>Add a folder to the library…</source>
        <translation>라이브러리에 폴더 추가…</translation>
    </message>
    <message>
        <source>Import a pack…</source>
        <translation>팩 가져오기…</translation>
    </message>
    <message>
        <source>Export the selected references…</source>
        <translation>선택한 기준 모델 내보내기…</translation>
    </message>
    <message>
        <source>Remove the selected references</source>
        <translation>선택한 기준 모델 제거</translation>
    </message>
    <message>
        <source>Put back the references that were removed last</source>
        <translation>마지막으로 제거한 기준 모델 되돌리기</translation>
    </message>
    <message>
        <source>Use another library folder…</source>
        <translation>다른 라이브러리 폴더 사용…</translation>
    </message>
    <message>
        <source>Show the lineage</source>
        <translation>계보 보기</translation>
    </message>
    <message>
        <source>&amp;Decide</source>
        <translation>판단(&amp;D)</translation>
    </message>
    <message>
        <source>Confirm the finding</source>
        <translation>결과 확인</translation>
    </message>
    <message>
        <source>Reject the finding</source>
        <translation>결과 기각</translation>
    </message>
    <message>
        <source>Add a note</source>
        <translation>메모 추가</translation>
    </message>
    <message>
        <source>Take the last decision back</source>
        <translation>마지막 판단 취소</translation>
    </message>
    <message>
        <source>Flag what is looked at</source>
        <translation>보고 있는 대상에 표시</translation>
    </message>
    <message>
        <source>Next flag</source>
        <translation>다음 표시</translation>
    </message>
    <message>
        <source>Open review…</source>
        <translation>검토 파일 열기…</translation>
    </message>
    <message>
        <source>Save review…</source>
        <translation>검토 파일 저장…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>저장</translation>
    </message>
    <message>
        <source>Save review as…</source>
        <translation>다른 이름으로 검토 파일 저장…</translation>
    </message>
    <message>
        <source>Export report…</source>
        <translation>보고서 내보내기…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>보고서</translation>
    </message>
    <message>
        <source>Compare the inputs with the review&apos;s SHA-256</source>
        <translation>입력을 검토 파일의 SHA-256과 비교</translation>
    </message>
    <message>
        <source>Compare with another review…</source>
        <translation>다른 검토 파일과 비교…</translation>
    </message>
    <message>
        <source>Verify the review…</source>
        <translation>검토 파일 검증…</translation>
    </message>
    <message>
        <source>Sign the review…</source>
        <translation>검토 파일 서명…</translation>
    </message>
    <message>
        <source>Copy the command that recomputes this</source>
        <translation>이 값을 다시 계산하는 명령 복사</translation>
    </message>
    <message>
        <source>What the verdicts mean</source>
        <translation>판정의 뜻</translation>
    </message>
    <message>
        <source>Guided look</source>
        <translation>둘러보기</translation>
    </message>
    <message>
        <source>Jobs and messages</source>
        <translation>작업과 메시지</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>돌아가기</translation>
    </message>
    <message>
        <source>Next notable item</source>
        <translation>다음 주목 항목</translation>
    </message>
    <message>
        <source>Previous notable item</source>
        <translation>이전 주목 항목</translation>
    </message>
    <message>
        <source>Open the selection</source>
        <translation>선택한 항목 열기</translation>
    </message>
    <message>
        <source>Properties</source>
        <translation>속성</translation>
    </message>
</context>
<context>
    <name>buckets</name>
    <message>
        <source>Identical</source>
        <translation>동일</translation>
    </message>
    <message>
        <source>Derived</source>
        <translation>파생</translation>
    </message>
    <message>
        <source>Weak</source>
        <translation>약함</translation>
    </message>
    <message>
        <source>Not tested</source>
        <translation>검정하지 않음</translation>
    </message>
    <message>
        <source>Unmatched here</source>
        <translation>후보에만 있음</translation>
    </message>
    <message>
        <source>Unmatched there</source>
        <translation>기준에만 있음</translation>
    </message>
    <message>
        <source>Every stored value is equal, bit for bit.</source>
        <translation>저장된 모든 값이 비트 단위로 같습니다.</translation>
    </message>
    <message>
        <source>The permutation group of this tensor rejects independence, shares more than a trace, and the verdict on the component says inherited.</source>
        <translation>이 텐서의 순열 그룹에서 독립성이 기각되고, 공유하는 정도가 미미한 수준을 넘으며, 구성 요소의 판정도 물려받았다고 봅니다.</translation>
    </message>
    <message>
        <source>Compared and tested, but the evidence does not say that this tensor was inherited.</source>
        <translation>비교하고 검정했지만, 이 텐서를 물려받았다고 볼 증거는 없습니다.</translation>
    </message>
    <message>
        <source>Compared, but no exact test can judge this tensor by itself.</source>
        <translation>비교했지만, 이 텐서만 따로 판단할 수 있는 정확 검정이 없습니다.</translation>
    </message>
    <message>
        <source>Only the candidate has this tensor.</source>
        <translation>후보에만 있는 텐서입니다.</translation>
    </message>
    <message>
        <source>Only the reference has this tensor.</source>
        <translation>기준 모델에만 있는 텐서입니다.</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>내용</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>형상</translation>
    </message>
    <message>
        <source>layer aligned</source>
        <translation>층 정렬</translation>
    </message>
    <message>
        <source>order undone</source>
        <translation>순서 복원</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>기각</translation>
    </message>
    <message>
        <source>Not rejected</source>
        <translation>기각 안 됨</translation>
    </message>
    <message>
        <source>Not rejected as is</source>
        <translation>그대로는 기각 안 됨</translation>
    </message>
    <message>
        <source>{group}: independence is {answer}, z {z}, {bound}. The bound is proven; it is no probability of copying.</source>
        <translation>{group}: 독립성 {answer}, z {z}, {bound}. 이 상한은 증명된 것이며, 복사했을 확률이 아닙니다.</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>기각됨</translation>
    </message>
    <message>
        <source>not rejected</source>
        <translation>기각되지 않음</translation>
    </message>
    <message>
        <source>The component as a whole: {verdict}, z {z}, {bound}.</source>
        <translation>구성 요소 전체: {verdict}, z {z}, {bound}.</translation>
    </message>
</context>
<context>
    <name>column menu</name>
    <message>
        <source>Usual columns</source>
        <translation>기본 열</translation>
    </message>
</context>
<context>
    <name>columns</name>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>코사인</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>파라미터</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>형상</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>자료형</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>구성 요소</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>역할</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Ref. layer</source>
        <translation>기준 층</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>log10 p</source>
        <translation>log10 p</translation>
    </message>
    <message>
        <source>Rejects</source>
        <translation>기각</translation>
    </message>
    <message>
        <source>r</source>
        <translation>r</translation>
    </message>
    <message>
        <source>Rank z</source>
        <translation>순위 z</translation>
    </message>
    <message>
        <source>Sign z</source>
        <translation>부호 z</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>유닛</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Nearest</source>
        <translation>최근접</translation>
    </message>
    <message>
        <source>In place</source>
        <translation>제자리</translation>
    </message>
    <message>
        <source>Coincidence log10 p</source>
        <translation>자리 일치 log10 p</translation>
    </message>
    <message>
        <source>Inherited</source>
        <translation>상속</translation>
    </message>
    <message>
        <source>Units by number</source>
        <translation>유닛 번호</translation>
    </message>
    <message>
        <source>Shuffled</source>
        <translation>섞었을 때</translation>
    </message>
    <message>
        <source>Centred r</source>
        <translation>중심화 r</translation>
    </message>
    <message>
        <source>Group z</source>
        <translation>그룹 z</translation>
    </message>
    <message>
        <source>Group log10 p</source>
        <translation>그룹 log10 p</translation>
    </message>
    <message>
        <source>Bit identity</source>
        <translation>비트 일치율</translation>
    </message>
    <message>
        <source>Relative L2</source>
        <translation>상대 L2</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>후보</translation>
    </message>
    <message>
        <source>Reference tensor</source>
        <translation>기준 텐서</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>기준 모델</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>검정</translation>
    </message>
    <message>
        <source>Statistic</source>
        <translation>통계량</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>그룹</translation>
    </message>
    <message>
        <source>Control z</source>
        <translation>대조 z</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>제외한 것</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>이유</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>Layer z</source>
        <translation>층 z</translation>
    </message>
    <message>
        <source>Matched</source>
        <translation>일치</translation>
    </message>
    <message>
        <source>Its component</source>
        <translation>기준 구성 요소</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>구성 요소</translation>
    </message>
    <message>
        <source>Publisher</source>
        <translation>배포 기관</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>라이선스</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>서명</translation>
    </message>
    <message>
        <source>Full weights</source>
        <translation>전체 가중치</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>추가한 날</translation>
    </message>
    <message>
        <source>Country</source>
        <translation>국가</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>공개일</translation>
    </message>
    <message>
        <source>candidate</source>
        <translation>후보</translation>
    </message>
    <message>
        <source>library</source>
        <translation>라이브러리</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>체크포인트</translation>
    </message>
    <message>
        <source>From</source>
        <translation>출처</translation>
    </message>
    <message>
        <source>Relations</source>
        <translation>관계</translation>
    </message>
    <message>
        <source>One</source>
        <translation>한쪽</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>다른 쪽</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>거리</translation>
    </message>
    <message>
        <source>Bound on p</source>
        <translation>p의 상한</translation>
    </message>
    <message>
        <source>Came first</source>
        <translation>먼저 나온 것</translation>
    </message>
    <message>
        <source>By what</source>
        <translation>근거</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>명령</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>메뉴</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>키</translation>
    </message>
    <message>
        <source>Usual key</source>
        <translation>기본 키</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>변화</translation>
    </message>
    <message>
        <source>What became of the tensor, by the values and the tests.</source>
        <translation>값과 검정으로 본, 이 텐서에 일어난 변화입니다.</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>확신도</translation>
    </message>
    <message>
        <source>What the exact test of the tensor&apos;s permutation group says, and never a probability that the tensor was copied: whether independence is rejected, and the proven bound on p. High similarity with no test behind it proves nothing.</source>
        <translation>텐서가 속한 순열 그룹의 정확 검정 결과입니다. 독립성의 기각 여부와 증명된 p의 상한을 보이며, 텐서가 복사되었을 확률은 결코 아닙니다. 검정이 뒷받침하지 않는 높은 유사도는 아무것도 증명하지 않습니다.</translation>
    </message>
    <message>
        <source>How matched</source>
        <translation>짝지은 방법</translation>
    </message>
    <message>
        <source>How the two tensors were put together: by their role in the layer, by name, by what they hold, or by shape where nothing else tells; then whether layers were aligned and a disguise was undone.</source>
        <translation>두 텐서를 짝지은 방법입니다. 층 안의 역할, 이름, 담긴 값, 또는 다른 단서가 없을 때는 형상으로 짝지으며, 층을 정렬했는지와 위장을 복원했는지도 보입니다.</translation>
    </message>
    <message>
        <source>Similarity alone: it says how alike the values are, not whether that means anything. See Confidence.</source>
        <translation>유사도만 나타냅니다. 값이 얼마나 닮았는지를 말할 뿐, 그것에 의미가 있는지는 말하지 않습니다. 확신도를 보십시오.</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>작업</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행률</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Reads now, or came to</source>
        <translation>읽는 중인 것 또는 결과</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Place in the report</source>
        <translation>보고서에서의 위치</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>저장된 값</translation>
    </message>
    <message>
        <source>Computed now</source>
        <translation>지금 계산한 값</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>다른 점</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>열린 검토</translation>
    </message>
    <message>
        <source>There</source>
        <translation>다른 검토</translation>
    </message>
    <message>
        <source>There it is</source>
        <translation>다른 검토에서는</translation>
    </message>
</context>
<context>
    <name>decisions</name>
    <message>
        <source>Confirmed</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>기각</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>{number} taken back</source>
        <translation>{number}번 취소</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>취소됨</translation>
    </message>
</context>
<context>
    <name>differences</name>
    <message>
        <source>Bit identity</source>
        <translation>비트 일치율</translation>
    </message>
    <message>
        <source>Centred correlation</source>
        <translation>중심화 상관계수</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>코사인</translation>
    </message>
    <message>
        <source>Examined by a test</source>
        <translation>검정한 비율</translation>
    </message>
    <message>
        <source>Disguises</source>
        <translation>위장</translation>
    </message>
    <message>
        <source>Inherited share</source>
        <translation>물려받은 비율</translation>
    </message>
    <message>
        <source>Detection limit (correlation)</source>
        <translation>검출 한계(상관계수)</translation>
    </message>
    <message>
        <source>Detection limit (share of units)</source>
        <translation>검출 한계(유닛 비율)</translation>
    </message>
    <message>
        <source>Bound on p</source>
        <translation>p의 상한</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>가해진 변경</translation>
    </message>
    <message>
        <source>Permutation z</source>
        <translation>순열 z</translation>
    </message>
    <message>
        <source>only this kind of component</source>
        <translation>이 종류의 구성 요소만</translation>
    </message>
    <message>
        <source>SHA-256 of every tensor</source>
        <translation>모든 텐서의 SHA-256</translation>
    </message>
    <message>
        <source>references in the library</source>
        <translation>라이브러리의 기준 모델</translation>
    </message>
    <message>
        <source>quick look</source>
        <translation>빠른 비교</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>Verdict against {of}</source>
        <translation>{of}에 대한 판정</translation>
    </message>
    <message>
        <source>Best reference</source>
        <translation>가장 가까운 기준 모델</translation>
    </message>
    <message>
        <source>Compared with {of}</source>
        <translation>{of}과(와) 비교함</translation>
    </message>
    <message>
        <source>Tensors with other values</source>
        <translation>값이 다른 텐서</translation>
    </message>
    <message>
        <source>Tensors only here</source>
        <translation>열린 검토에만 있는 텐서</translation>
    </message>
    <message>
        <source>Tensors only there</source>
        <translation>다른 검토에만 있는 텐서</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>후보</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>라이브러리</translation>
    </message>
    <message>
        <source>Input {of}</source>
        <translation>입력 {of}</translation>
    </message>
    <message>
        <source>File {what} of {of}</source>
        <translation>{of}의 {what} 파일</translation>
    </message>
    <message>
        <source>SHA-256 of {what} of {of}</source>
        <translation>{of}의 {what} SHA-256</translation>
    </message>
    <message>
        <source>Bytes of {what} of {of}</source>
        <translation>{of}의 {what} 바이트 수</translation>
    </message>
    <message>
        <source>Setting: {what}</source>
        <translation>설정: {what}</translation>
    </message>
    <message>
        <source>How the engine was confined</source>
        <translation>엔진 격리 수준</translation>
    </message>
    <message>
        <source>Version of {what}</source>
        <translation>{what} 버전</translation>
    </message>
    <message>
        <source>Catalogue of encoders</source>
        <translation>인코더 카탈로그</translation>
    </message>
    <message>
        <source>{what} against {of}</source>
        <translation>{of}에 대한 {what}</translation>
    </message>
    <message>
        <source>{what}: {of}</source>
        <translation>{what}: {of}</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>확인</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>기각</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>판단</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>버전</translation>
    </message>
    <message>
        <source>verdicts of single comparisons {count}</source>
        <translation>개별 비교의 판정 {count}</translation>
    </message>
    <message>
        <source>references {count}</source>
        <translation>기준 모델 {count}</translation>
    </message>
    <message>
        <source>tensors {count}</source>
        <translation>텐서 {count}</translation>
    </message>
    <message>
        <source>inputs {count}</source>
        <translation>입력 {count}</translation>
    </message>
    <message>
        <source>decisions {count}</source>
        <translation>판단 {count}</translation>
    </message>
    <message>
        <source>figures {count}</source>
        <translation>수치 {count}</translation>
    </message>
    <message>
        <source>settings {count}</source>
        <translation>설정 {count}</translation>
    </message>
    <message>
        <source>versions {count}</source>
        <translation>버전 {count}</translation>
    </message>
    <message>
        <source>{count} of {all}</source>
        <translation>{all}개 중 {count}개</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>예</translation>
    </message>
    <message>
        <source>no</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>? undecided</source>
        <translation>? 판정 불가</translation>
    </message>
    <message>
        <source>! decided</source>
        <translation>! 판정됨</translation>
    </message>
    <message>
        <source>▲ more inherited</source>
        <translation>▲ 더 물려받음</translation>
    </message>
    <message>
        <source>▼ less inherited</source>
        <translation>▼ 덜 물려받음</translation>
    </message>
    <message>
        <source>▲ more alike</source>
        <translation>▲ 더 비슷함</translation>
    </message>
    <message>
        <source>▼ less alike</source>
        <translation>▼ 덜 비슷함</translation>
    </message>
    <message>
        <source>▲ seen sharper</source>
        <translation>▲ 더 정밀함</translation>
    </message>
    <message>
        <source>▼ seen less sharply</source>
        <translation>▼ 덜 정밀함</translation>
    </message>
    <message>
        <source>◨ only there</source>
        <translation>◨ 다른 검토에만</translation>
    </message>
    <message>
        <source>◧ missing</source>
        <translation>◧ 없음</translation>
    </message>
    <message>
        <source>≠ another</source>
        <translation>≠ 다름</translation>
    </message>
    <message>
        <source>Nothing differs: same inputs, settings, versions, findings and decisions.</source>
        <translation>다른 점이 없습니다. 입력, 설정, 버전, 판정, 판단이 모두 같습니다.</translation>
    </message>
    <message>
        <source>1 of {all} verdicts differs: {told}.</source>
        <translation>판정 {all}개 중 1개가 다릅니다: {told}.</translation>
    </message>
    <message>
        <source>{count} of {all} verdicts differ: {told}.</source>
        <translation>판정 {all}개 중 {count}개가 다릅니다: {told}.</translation>
    </message>
    <message>
        <source>One of the reviews is damaged; what is left was compared.</source>
        <translation>한 검토 파일이 손상되어 남은 것만 비교했습니다.</translation>
    </message>
    <message>
        <source>Every verdict is the same; something behind them differs.</source>
        <translation>판정은 모두 같지만 그 바탕에 다른 점이 있습니다.</translation>
    </message>
    <message>
        <source>Nothing that matters differs: same verdicts, references, inputs and decisions.</source>
        <translation>중요한 차이가 없습니다. 판정, 기준 모델, 입력, 판단이 모두 같습니다.</translation>
    </message>
    <message>
        <source>Also different: {told}.</source>
        <translation>그 밖의 차이: {told}.</translation>
    </message>
    <message>
        <source>The same in both: {names}.</source>
        <translation>양쪽 모두 같음: {names}.</translation>
    </message>
    <message>
        <source>{name} only here</source>
        <translation>{name}은(는) 열린 검토에만 있음</translation>
    </message>
    <message>
        <source>{name} only there</source>
        <translation>{name}은(는) 다른 검토에만 있음</translation>
    </message>
    <message>
        <source>{name}: here {before}, there {after}</source>
        <translation>{name}: 열린 검토에서는 {before}, 다른 검토에서는 {after}</translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message>
        <source>MLP units</source>
        <translation>MLP 유닛</translation>
    </message>
    <message>
        <source>Units of the shared expert</source>
        <translation>공유 전문가의 유닛</translation>
    </message>
    <message>
        <source>Experts</source>
        <translation>전문가</translation>
    </message>
    <message>
        <source>Units, first feed-forward</source>
        <translation>첫째 피드포워드의 유닛</translation>
    </message>
    <message>
        <source>Units, second feed-forward</source>
        <translation>둘째 피드포워드의 유닛</translation>
    </message>
    <message>
        <source>Attention heads</source>
        <translation>어텐션 헤드</translation>
    </message>
    <message>
        <source>Value dimensions</source>
        <translation>값 차원</translation>
    </message>
    <message>
        <source>Query and key dimensions</source>
        <translation>쿼리·키 차원</translation>
    </message>
    <message>
        <source>Value dimensions, cross attention</source>
        <translation>교차 어텐션의 값 차원</translation>
    </message>
    <message>
        <source>Query and key dimensions, cross attention</source>
        <translation>교차 어텐션의 쿼리·키 차원</translation>
    </message>
    <message>
        <source>Convolution channels</source>
        <translation>합성곱 채널</translation>
    </message>
    <message>
        <source>Convolution channels, first</source>
        <translation>첫째 합성곱의 채널</translation>
    </message>
    <message>
        <source>Convolution channels, second</source>
        <translation>둘째 합성곱의 채널</translation>
    </message>
    <message>
        <source>Recurrent units</source>
        <translation>순환 유닛</translation>
    </message>
    <message>
        <source>Recurrent units, backwards</source>
        <translation>역방향 순환 유닛</translation>
    </message>
    <message>
        <source>Units between two matrices</source>
        <translation>두 행렬 사이의 유닛</translation>
    </message>
    <message>
        <source>Residual dimensions</source>
        <translation>잔차 차원</translation>
    </message>
    <message>
        <source>mismatched layers and shuffled units</source>
        <translation>어긋난 층과 섞은 유닛</translation>
    </message>
    <message>
        <source>unrelated references</source>
        <translation>무관한 기준 모델</translation>
    </message>
    <message>
        <source>How alike the weights are: 1 means the same direction, 0 means nothing in common. Below it stands what the same weights give when their units are shuffled: only the distance between the two counts.</source>
        <translation>가중치가 얼마나 닮았는지를 나타냅니다. 1이면 방향이 같고 0이면 공통점이 없습니다. 아래는 같은 가중치의 유닛을 섞었을 때 나오는 값으로, 두 값의 차이만 의미가 있습니다.</translation>
    </message>
    <message>
        <source>How far the agreement lies above chance, counted in steps of the usual scatter (standard deviations). Chance alone stays between about −3 and 3. The larger, the clearer; a negative number means nothing was found.</source>
        <translation>일치하는 정도가 우연보다 얼마나 큰지를 표준편차 단위로 나타냅니다. 우연만으로는 대략 −3에서 3 사이에 머뭅니다. 클수록 분명하며, 음수는 발견된 것이 없다는 뜻입니다.</translation>
    </message>
    <message>
        <source>The probability that two independently trained models agree this well by chance is at most this number. 10^−6 is one in a million; each step of the exponent is ten times rarer. It is a proven upper bound, not an estimate, and it is corrected for the number of tests. It says nothing about who copied from whom.</source>
        <translation>독립적으로 학습한 두 모델이 우연히 이만큼 일치할 확률은 아무리 커도 이 값입니다. 10^−6은 백만분의 일이며, 지수가 하나 커질 때마다 열 배 드물어집니다. 추정값이 아니라 증명된 상한이고, 검정 횟수를 보정했습니다. 누가 누구의 것을 가져왔는지는 말해 주지 않습니다.</translation>
    </message>
    <message>
        <source>How much inheritance would have been noticed. The reference&apos;s weights were mixed into the candidate&apos;s at growing strength until the tests found them in 99 of 100 trials. Anything stronger than this would have shown; anything weaker cannot be excluded. r is the agreement planted in every matrix, the percentage is the share of units copied in every layer.</source>
        <translation>어느 정도의 상속까지 알아챌 수 있었는지를 나타냅니다. 기준 모델의 가중치를 후보에 점점 강하게 섞어, 100번 중 99번 찾아내는 세기를 쟀습니다. 이보다 강했다면 드러났을 것이고, 이보다 약한 것은 배제할 수 없습니다. r은 모든 행렬에 섞은 일치의 정도, 백분율은 모든 층에서 복사한 유닛의 비율입니다.</translation>
    </message>
    <message>
        <source>Not yet judged</source>
        <translation>아직 판정 전</translation>
    </message>
    <message>
        <source>Not tested</source>
        <translation>검정하지 않음</translation>
    </message>
    <message>
        <source>{test} z {z} (as is {before})</source>
        <translation>{test} z {z} (그대로 {before})</translation>
    </message>
    <message>
        <source>no control</source>
        <translation>대조 없음</translation>
    </message>
    <message>
        <source>largest z {z} of {count} ({kind})</source>
        <translation>{count}회 중 최대 z {z} ({kind})</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>예</translation>
    </message>
    <message>
        <source>no</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>하지 않음</translation>
    </message>
    <message>
        <source>direct</source>
        <translation>직접 비교</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>정확</translation>
    </message>
    <message>
        <source>calibrated</source>
        <translation>보정</translation>
    </message>
</context>
<context>
    <name>jobs</name>
    <message>
        <source>Waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>실행 중</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>취소됨</translation>
    </message>
    <message>
        <source>Comparing {candidate} with {name}</source>
        <translation>{candidate}을(를) {name}과(와) 비교</translation>
    </message>
    <message>
        <source>Comparing {candidate} with {count} references</source>
        <translation>{candidate}을(를) 기준 모델 {count}개와 비교</translation>
    </message>
    <message>
        <source>Adding {name} to the library</source>
        <translation>라이브러리에 {name} 추가</translation>
    </message>
    <message>
        <source>Adding {count} checkpoints to the library</source>
        <translation>라이브러리에 체크포인트 {count}개 추가</translation>
    </message>
    <message>
        <source>Removing {name} from the library</source>
        <translation>라이브러리에서 {name} 삭제</translation>
    </message>
    <message>
        <source>Removing {count} references from the library</source>
        <translation>라이브러리에서 기준 모델 {count}개 삭제</translation>
    </message>
    <message>
        <source>Putting {name} back into the library</source>
        <translation>{name}을(를) 라이브러리로 되돌리기</translation>
    </message>
    <message>
        <source>Putting {count} references back into the library</source>
        <translation>기준 모델 {count}개를 라이브러리로 되돌리기</translation>
    </message>
    <message>
        <source>Exporting {name} as a pack</source>
        <translation>{name}을(를) 팩으로 내보내기</translation>
    </message>
    <message>
        <source>Exporting {count} references as a pack</source>
        <translation>기준 모델 {count}개를 팩으로 내보내기</translation>
    </message>
    <message>
        <source>Reading the headers of {name}</source>
        <translation>{name}의 헤더 읽기</translation>
    </message>
    <message>
        <source>Screening {name} against the library</source>
        <translation>{name}을(를) 라이브러리와 대조</translation>
    </message>
    <message>
        <source>Looking into the library</source>
        <translation>라이브러리 확인</translation>
    </message>
    <message>
        <source>Importing {name} into the library</source>
        <translation>라이브러리로 {name} 가져오기</translation>
    </message>
    <message>
        <source>Testing the lineage of {kind}</source>
        <translation>계통 검정: {kind}</translation>
    </message>
    <message>
        <source>Exporting the lineage as {format}</source>
        <translation>계통을 {format}(으)로 내보내기</translation>
    </message>
    <message>
        <source>Opening the review {name}</source>
        <translation>검토 파일 {name} 열기</translation>
    </message>
    <message>
        <source>Saving the review {name}</source>
        <translation>검토 파일 {name} 저장</translation>
    </message>
    <message>
        <source>Comparing the inputs of {name}</source>
        <translation>{name}의 입력 대조</translation>
    </message>
    <message>
        <source>Comparing with the review {name}</source>
        <translation>검토 파일 {name}과(와) 비교</translation>
    </message>
    <message>
        <source>Looking at the signature of {name}</source>
        <translation>{name}의 서명 확인</translation>
    </message>
    <message>
        <source>Verifying the review {name}</source>
        <translation>검토 파일 {name} 검증</translation>
    </message>
    <message>
        <source>Signing the review {name}</source>
        <translation>검토 파일 {name} 서명</translation>
    </message>
    <message>
        <source>Making the key {name}</source>
        <translation>키 {name} 만들기</translation>
    </message>
    <message>
        <source>Exporting a table as CSV</source>
        <translation>표를 CSV로 내보내기</translation>
    </message>
    <message>
        <source>Making the report on {name}</source>
        <translation>{name} 보고서 작성</translation>
    </message>
    <message>
        <source>Reading the tensor {tensor}</source>
        <translation>텐서 {tensor} 읽기</translation>
    </message>
    <message>
        <source>Sharpening a picture of {tensor}</source>
        <translation>{tensor} 그림을 선명하게 하기</translation>
    </message>
    <message>
        <source>Working on {name}</source>
        <translation>{name} 작업</translation>
    </message>
    <message>
        <source>{found} of {count} components with a common origin</source>
        <translation>구성 요소 {count}개 중 {found}개의 기원이 같음</translation>
    </message>
    <message>
        <source>{count} tensors</source>
        <translation>텐서 {count}개</translation>
    </message>
    <message>
        <source>{count} references in the library</source>
        <translation>라이브러리에 기준 모델 {count}개</translation>
    </message>
    <message>
        <source>{wrong} of {count} checks differ</source>
        <translation>확인 {count}건 중 {wrong}건 불일치</translation>
    </message>
    <message>
        <source>{count} components</source>
        <translation>구성 요소 {count}개</translation>
    </message>
    <message>
        <source>{size} written</source>
        <translation>{size} 씀</translation>
    </message>
    <message>
        <source>{time} so far</source>
        <translation>{time}째</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds}초</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes}분 {seconds}초</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours}시간 {minutes}분</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message>
        <source>Arrow keys in the heatmap</source>
        <translation>히트맵에서 화살표 키</translation>
    </message>
    <message>
        <source>move the cell</source>
        <translation>칸 이동</translation>
    </message>
    <message>
        <source>Enter in the heatmap or the match table</source>
        <translation>히트맵이나 대응표에서 Enter</translation>
    </message>
    <message>
        <source>opens the two tensors</source>
        <translation>두 텐서 열기</translation>
    </message>
    <message>
        <source>Arrow keys, + and − in the tensors</source>
        <translation>텐서 그림에서 화살표 키, +와 −</translation>
    </message>
    <message>
        <source>move and zoom</source>
        <translation>이동과 확대·축소</translation>
    </message>
    <message>
        <source>Arrow keys and Enter in the groups</source>
        <translation>그룹에서 화살표 키와 Enter</translation>
    </message>
    <message>
        <source>move, show in the layers</source>
        <translation>이동, 층 탭에서 보기</translation>
    </message>
    <message>
        <source>Arrow keys and Enter in the mosaic</source>
        <translation>모자이크에서 화살표와 Enter</translation>
    </message>
    <message>
        <source>move, open what is behind a cell</source>
        <translation>이동, 칸에 해당하는 결과 열기</translation>
    </message>
    <message>
        <source>Delete in the library</source>
        <translation>라이브러리에서 Delete</translation>
    </message>
    <message>
        <source>removes the selected references</source>
        <translation>선택한 기준 모델 제거</translation>
    </message>
    <message>
        <source>Space in a picture</source>
        <translation>그림에서 스페이스</translation>
    </message>
    <message>
        <source>shows all</source>
        <translation>전체 보기</translation>
    </message>
    <message>
        <source>Enter in the lineage</source>
        <translation>계보에서 Enter</translation>
    </message>
    <message>
        <source>goes through the relations of a component</source>
        <translation>구성 요소의 관계를 차례로 보기</translation>
    </message>
    <message>
        <source>Menu key or right click on a table&apos;s header</source>
        <translation>표에서 메뉴 키, 또는 표 머리를 오른쪽 클릭</translation>
    </message>
    <message>
        <source>chooses the columns</source>
        <translation>열 선택</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>최근 후보</translation>
    </message>
    <message>
        <source>Inside the views</source>
        <translation>보기 안에서</translation>
    </message>
</context>
<context>
    <name>layer_diff</name>
    <message>
        <source>Reference</source>
        <translation>기준 모델</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>후보</translation>
    </message>
    <message>
        <source>What</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>in order</source>
        <translation>순서대로</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>이동</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>own</source>
        <translation>고유</translation>
    </message>
    <message>
        <source>repeats {layers}</source>
        <translation>{layers} 반복</translation>
    </message>
</context>
<context>
    <name>library</name>
    <message>
        <source>{parameters} parameters; fingerprint {size}</source>
        <translation>파라미터 {parameters}개, 지문 {size}</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>기준 모델</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>카탈로그</translation>
    </message>
    <message>
        <source>Components</source>
        <translation>구성 요소</translation>
    </message>
    <message>
        <source>Publisher, licence, first published</source>
        <translation>배포 기관, 라이선스, 최초 공개</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>서명</translation>
    </message>
    <message>
        <source>Full weights</source>
        <translation>전체 가중치</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>추가한 날</translation>
    </message>
    <message>
        <source>{count} blocks</source>
        <translation>블록 {count}개</translation>
    </message>
    <message>
        <source>width {count}</source>
        <translation>너비 {count}</translation>
    </message>
    <message>
        <source>made here</source>
        <translation>여기서 만듦</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>서명됨</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>서명 없음</translation>
    </message>
    <message>
        <source>on this disk</source>
        <translation>이 디스크에 있음</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>찾을 수 없음</translation>
    </message>
    <message>
        <source>fingerprint only</source>
        <translation>지문만 있음</translation>
    </message>
</context>
<context>
    <name>notable</name>
    <message>
        <source>every compared tensor is identical</source>
        <translation>비교한 텐서가 모두 동일</translation>
    </message>
    <message>
        <source>a test rejects independence</source>
        <translation>독립성을 기각하는 검정이 있음</translation>
    </message>
    <message>
        <source>far more alike than layers that do not correspond</source>
        <translation>대응하지 않는 층들보다 훨씬 비슷함</translation>
    </message>
    <message>
        <source>stands in another place than in the reference</source>
        <translation>기준 모델과 다른 자리에 있음</translation>
    </message>
    <message>
        <source>repeats another layer</source>
        <translation>다른 층을 반복</translation>
    </message>
    <message>
        <source>corresponds to no layer of the reference</source>
        <translation>기준 모델에 대응하는 층이 없음</translation>
    </message>
    <message>
        <source>compared, no test rejects independence</source>
        <translation>비교함, 독립성을 기각하는 검정 없음</translation>
    </message>
    <message>
        <source>compared, not tested</source>
        <translation>비교했으나 검정하지 않음</translation>
    </message>
    <message>
        <source>{ours} identical to {theirs} of the reference</source>
        <translation>{ours}, 기준 모델의 {theirs}과 동일</translation>
    </message>
    <message>
        <source>{ours} beside {theirs} of the reference: tests reject independence</source>
        <translation>{ours} 대 기준 모델의 {theirs}: 검정이 독립성을 기각</translation>
    </message>
    <message>
        <source>{ours} like {theirs} of the reference, far above chance</source>
        <translation>{ours} 대 기준 모델의 {theirs}: 우연보다 훨씬 비슷함</translation>
    </message>
    <message>
        <source>{ours} moved, in the reference {theirs}</source>
        <translation>{ours}: 이동함, 기준 모델에서는 {theirs}</translation>
    </message>
    <message>
        <source>{ours} as a repeat of {theirs}</source>
        <translation>{ours}: {theirs}의 반복</translation>
    </message>
    <message>
        <source>{ours} without a counterpart in the reference</source>
        <translation>{ours}: 기준 모델에 대응하는 층 없음</translation>
    </message>
    <message>
        <source>{theirs} of the reference missing</source>
        <translation>기준 모델의 {theirs}: 후보에 없음</translation>
    </message>
    <message>
        <source>layer {numbers}</source>
        <translation>층 {numbers}</translation>
    </message>
    <message>
        <source>layers {numbers}</source>
        <translation>층 {numbers}</translation>
    </message>
    <message>
        <source>Safety: {count} dangers in the candidate</source>
        <translation>안전 점검: 후보에 위험 {count}건</translation>
    </message>
    <message>
        <source>{name} is identical</source>
        <translation>{name} 동일</translation>
    </message>
    <message>
        <source>{group}: a test rejects independence</source>
        <translation>{group}: 독립성을 기각하는 검정이 있음</translation>
    </message>
</context>
<context>
    <name>place</name>
    <message>
        <source>against {reference}</source>
        <translation>기준 모델 {reference}</translation>
    </message>
    <message>
        <source>layer {candidate} × reference layer {reference}</source>
        <translation>층 {candidate} × 기준 모델 층 {reference}</translation>
    </message>
    <message>
        <source>layer {number}</source>
        <translation>층 {number}</translation>
    </message>
    <message>
        <source>reference layer {number}</source>
        <translation>기준 모델 층 {number}</translation>
    </message>
</context>
<context>
    <name>shortcuts</name>
    <message>
        <source>{key} opens a recent candidate. Choose another key.</source>
        <translation>{key}은(는) 최근 후보를 여는 키입니다. 다른 키를 고르세요.</translation>
    </message>
    <message>
        <source>{key} moves and opens inside the views. Choose another key, or one with Ctrl or Alt.</source>
        <translation>{key}은(는) 보기 안에서 이동하고 여는 키입니다. 다른 키나 Ctrl 또는 Alt와 함께 누르는 키를 고르세요.</translation>
    </message>
</context>
<context>
    <name>tour</name>
    <message>
        <source>Two boxes begin it</source>
        <translation>두 상자에서 시작합니다</translation>
    </message>
    <message>
        <source>Drop the model in question on the upper box and the models it may come from on the lower one. Work starts by itself. The tree below lists what the candidate is made of.</source>
        <translation>검사할 모델을 위 상자에, 출처로 의심되는 모델을 아래 상자에 놓으십시오. 작업은 저절로 시작됩니다. 후보의 구성은 그 아래 트리에 나옵니다.</translation>
    </message>
    <message>
        <source>A card for each component</source>
        <translation>구성 요소마다 카드 한 장</translation>
    </message>
    <message>
        <source>The badge is the verdict: an icon and one of five words. The sentence below says what was found, against which reference, and how sure that is.</source>
        <translation>배지가 판정입니다. 아이콘과 다섯 가지 말 가운데 하나로 나타냅니다. 아래 문장은 어느 기준 모델과 비교해 무엇을 찾았고 얼마나 확실한지 말합니다.</translation>
    </message>
    <message>
        <source>The cosine, beside chance</source>
        <translation>코사인은 우연과 나란히</translation>
    </message>
    <message>
        <source>A high cosine alone proves nothing. Below it stands what the same weights give when their units are shuffled: only the distance counts. Where nothing was found, the detection limit says how much would have shown.</source>
        <translation>코사인이 높다는 것만으로는 아무것도 증명되지 않습니다. 아래는 같은 가중치의 유닛을 섞었을 때 나오는 값으로, 두 값의 차이만 의미가 있습니다. 아무것도 찾지 못했을 때는 검출 한계가 얼마만큼이면 드러났을지 말합니다.</translation>
    </message>
    <message>
        <source>The diagonal is the story</source>
        <translation>대각선을 보십시오</translation>
    </message>
    <message>
        <source>Every layer of the candidate against every layer of the reference. A bright diagonal means that the layers correspond one to one, as in a copy. Arrow keys move the cell; the line below reads it out.</source>
        <translation>후보의 모든 층을 기준 모델의 모든 층과 비교한 것입니다. 밝은 대각선은 복사본처럼 층이 일대일로 대응한다는 뜻입니다. 화살표 키로 칸을 옮기면 아래 줄에 값이 나옵니다.</translation>
    </message>
    <message>
        <source>Behind each cell, two tensors</source>
        <translation>칸마다 두 텐서</translation>
    </message>
    <message>
        <source>A click on a cell, or Enter, opens them: the candidate&apos;s, the reference&apos;s and their difference, zoomed together. Backspace goes back.</source>
        <translation>칸을 누르거나 Enter를 치면 후보의 텐서, 기준 모델의 텐서, 둘의 차이가 열리고 함께 확대됩니다. Backspace로 돌아갑니다.</translation>
    </message>
    <message>
        <source>The evidence</source>
        <translation>증거</translation>
    </message>
    <message>
        <source>Each test with its null drawn: the hill is what shuffled units give, the line or arrow is what was observed. Far outside the hill is not chance.</source>
        <translation>검정마다 귀무분포를 그렸습니다. 언덕은 유닛을 섞었을 때의 값이고, 선이나 화살표는 관측한 값입니다. 언덕에서 멀리 벗어나면 우연이 아닙니다.</translation>
    </message>
    <message>
        <source>Every pair, one row each</source>
        <translation>모든 쌍을 한 줄씩</translation>
    </message>
    <message>
        <source>The match table lists all tensor pairs that were compared. Filter it, sort it, press Enter to see the two tensors. A right click copies the command that computes a row again.</source>
        <translation>대응표에는 비교한 텐서 쌍이 모두 나옵니다. 거르고 정렬할 수 있으며, Enter를 누르면 두 텐서가 열립니다. 오른쪽 단추로 그 줄을 다시 계산하는 명령을 복사할 수 있습니다.</translation>
    </message>
    <message>
        <source>Take it with you</source>
        <translation>결과를 가져가십시오</translation>
    </message>
    <message>
        <source>Export what you see as a picture or as a table. Now drop your own checkpoints. This look is in the Help menu whenever you want it again.</source>
        <translation>보이는 것을 그림이나 표로 내보내십시오. 이제 가지고 있는 체크포인트를 놓아 보십시오. 이 둘러보기는 언제든 도움말 메뉴에서 다시 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Step {number} of {count}</source>
        <translation>{count}단계 중 {number}단계</translation>
    </message>
    <message>
        <source>Comparing… the look goes on when it is done.</source>
        <translation>비교하는 중… 끝나면 이어집니다.</translation>
    </message>
</context>
<context>
    <name>tree</name>
    <message>
        <source>Block {number}</source>
        <translation>블록 {number}</translation>
    </message>
    <message>
        <source>Outside all components</source>
        <translation>구성 요소 밖</translation>
    </message>
</context>
<context>
    <name>verification</name>
    <message>
        <source>Holds</source>
        <translation>일치</translation>
    </message>
    <message>
        <source>Differs</source>
        <translation>불일치</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>참고</translation>
    </message>
    <message>
        <source>The inputs were not looked at yet; the buttons above do that.</source>
        <translation>입력은 아직 확인하지 않았습니다. 위의 버튼으로 확인하십시오.</translation>
    </message>
    <message>
        <source>Signed with the key {key}, and not changed since. Nobody here knows whose key that is: compare its fingerprint with the one that the owner tells you.</source>
        <translation>{key} 키로 서명되었으며 그 뒤 변경되지 않았습니다. 누구의 키인지 알 수 없으므로 소유자가 알려 준 지문과 대조하십시오.</translation>
    </message>
    <message>
        <source>No reference with all its weights is among the inputs, so no tensor pair can be computed again; recompute everything instead.</source>
        <translation>전체 가중치가 있는 기준 모델이 입력에 없어 텐서 쌍을 다시 계산할 수 없습니다. 모두 다시 계산하십시오.</translation>
    </message>
    <message>
        <source>{pairs} tensor pairs of {all} were computed again, and the values of {tensors} tensors hashed: all agree (chosen with the seed {seed}).</source>
        <translation>텐서 쌍 {all}개 중 {pairs}개를 다시 계산하고 텐서 {tensors}개의 값을 해시했으며 모두 일치합니다(시드 {seed}로 선택).</translation>
    </message>
    <message>
        <source>Of {pairs} tensor pairs computed again (of {all}, chosen with the seed {seed}), {count} values differ.</source>
        <translation>다시 계산한 텐서 쌍 {pairs}개(전체 {all}개, 시드 {seed}로 선택)에서 값 {count}개가 다릅니다.</translation>
    </message>
    <message>
        <source>Everything that was checked holds.</source>
        <translation>확인한 것은 모두 일치합니다.</translation>
    </message>
    <message>
        <source>1 of {all} checks differs.</source>
        <translation>확인 {all}건 중 1건이 일치하지 않습니다.</translation>
    </message>
    <message>
        <source>{count} of {all} checks differ.</source>
        <translation>확인 {all}건 중 {count}건이 일치하지 않습니다.</translation>
    </message>
    <message>
        <source>Not signed</source>
        <translation>서명 없음</translation>
    </message>
    <message>
        <source>The signature does not fit this file</source>
        <translation>서명이 이 파일과 맞지 않음</translation>
    </message>
    <message>
        <source>The signature is of an earlier state of this review</source>
        <translation>서명이 이 검토의 이전 상태에 대한 것임</translation>
    </message>
    <message>
        <source>Signed by {owner} with the key {key}</source>
        <translation>{owner}이(가) {key} 키로 서명함</translation>
    </message>
    <message>
        <source>Signed with the key {key}</source>
        <translation>{key} 키로 서명함</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>en</source>
        <translation>ko</translation>
    </message>
    <message>
        <source>Vision encoder</source>
        <translation>비전 인코더</translation>
    </message>
    <message>
        <source>Audio encoder</source>
        <translation>오디오 인코더</translation>
    </message>
    <message>
        <source>Projector</source>
        <translation>프로젝터</translation>
    </message>
    <message>
        <source>Language model</source>
        <translation>언어 모델</translation>
    </message>
    <message>
        <source>Other component</source>
        <translation>기타 구성 요소</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>코사인</translation>
    </message>
    <message>
        <source>Centred correlation</source>
        <translation>중심화 상관</translation>
    </message>
    <message>
        <source>Bit identity</source>
        <translation>비트 일치율</translation>
    </message>
    <message>
        <source>Relative L2 distance</source>
        <translation>상대 L2 거리</translation>
    </message>
    <message>
        <source>Norm ratio</source>
        <translation>노름 비</translation>
    </message>
    <message>
        <source>Debiased CKA</source>
        <translation>편향 보정 CKA</translation>
    </message>
    <message>
        <source>Permutation z</source>
        <translation>순열 z</translation>
    </message>
    <message>
        <source>Centred correlation, undone</source>
        <translation>중심화 상관, 되돌림</translation>
    </message>
    <message>
        <source>Similarity of two layers up to a rotation: 1 equal, about 0 unrelated; unchanged when the residual stream is rotated.</source>
        <translation>회전을 무시한 두 층의 유사도입니다. 1은 같음, 0 부근은 무관함을 뜻하며, 잔차 스트림을 회전해도 변하지 않습니다.</translation>
    </message>
    <message>
        <source>How far two layers agree above chance, in standard deviations, on a sample of units and columns: −3 to 3 is chance, there is no upper end.</source>
        <translation>두 층의 일치가 우연보다 얼마나 큰지를 유닛과 열의 표본에서 표준편차 단위로 잰 값입니다. −3에서 3은 우연이며 위쪽 한계는 없습니다.</translation>
    </message>
    <message>
        <source>All roles</source>
        <translation>모든 역할</translation>
    </message>
    <message>
        <source>Attention query</source>
        <translation>어텐션 질의</translation>
    </message>
    <message>
        <source>Attention key</source>
        <translation>어텐션 키</translation>
    </message>
    <message>
        <source>Attention value</source>
        <translation>어텐션 값</translation>
    </message>
    <message>
        <source>Attention query, key, value</source>
        <translation>어텐션 질의·키·값</translation>
    </message>
    <message>
        <source>Attention output</source>
        <translation>어텐션 출력</translation>
    </message>
    <message>
        <source>MLP gate</source>
        <translation>MLP 게이트</translation>
    </message>
    <message>
        <source>MLP up</source>
        <translation>MLP 확장</translation>
    </message>
    <message>
        <source>MLP down</source>
        <translation>MLP 축소</translation>
    </message>
    <message>
        <source>MLP first layer</source>
        <translation>MLP 첫째 층</translation>
    </message>
    <message>
        <source>MLP second layer</source>
        <translation>MLP 둘째 층</translation>
    </message>
    <message>
        <source>about {seconds} s left</source>
        <translation>약 {seconds}초 남음</translation>
    </message>
    <message>
        <source>about {minutes} min left</source>
        <translation>약 {minutes}분 남음</translation>
    </message>
</context>
</TS>
